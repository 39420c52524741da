import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PurgeUploads } from '../src/purge-uploads.ts';
import { SentFiles } from '../src/index.ts';
import { NumberRows } from './number-rows.ts';
import { ANN, startReplica, type Replica } from './replica.ts';
import { receive, send, start } from './sending.ts';

let replica: Replica;

beforeAll(async () => {
  replica = await startReplica([NumberRows], { MCP_OPERATIONS_CONCURRENCY: '0' });
});
afterAll(() => replica.stop());

const purge = () => replica.get(PurgeUploads).run(new AbortController().signal);

async function counts() {
  const tables = ['uploads', 'upload_parts', 'upload_rejections'];
  const of = (tenant: string) => Promise.all(tables.map((table) => replica.count(table, tenant)));
  return { acme: await of('acme'), umbrella: await of('umbrella') };
}

async function expire(tenant: string, subject: string) {
  await replica.owner.begin(async (sql) => {
    await sql`select set_config('gantry.tenant', ${tenant}, true)`;
    await sql`update uploads set expires_at = now() where subject like ${subject}`;
  });
}

describe('the purge', () => {
  it('deletes what is over, of all tenants, with parts and rejections, and nothing else', async () => {
    // More than are deleted in one transaction.
    for (let count = 0; count < 25; count++)
      await receive(replica, {}, { ...ANN, tenant: 'umbrella', subject: `eve ${count % 5}` });
    const { operation_id } = await start(replica, await send(replica, ['a\n', '1']));
    await replica.write(() =>
      replica.get(SentFiles).addRejections(operation_id, [{ line: 2, reason: 'bad' }]),
    );

    await purge();
    expect(await counts()).toEqual({ acme: [1, 2, 1], umbrella: [25, 25, 0] });
    await expire('umbrella', 'eve %');
    await purge();
    expect(await counts()).toEqual({ acme: [1, 2, 1], umbrella: [0, 0, 0] });
    await expire('acme', 'ann');
    await purge();
    expect(await counts()).toEqual({ acme: [0, 0, 0], umbrella: [0, 0, 0] });
  });
});

describe('the owner of the tables', () => {
  it('is bound by row-level security as well', async () => {
    await receive(replica, {});
    expect(await replica.owner`select from uploads`).toHaveLength(0);
    expect(await replica.owner`select from upload_parts`).toHaveLength(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rejection } from '@gantry/files';
import { CancelOperationTool, CheckOperationStatusTool } from '@gantry/jobs';
import { waitFor } from '@gantry/testing';
import { finished } from '../../test/finished.ts';
import { ANN, startRecords, type Caller, type RecordsApp } from '../../test/records-app.ts';
import { ImportRejectionsResource } from '../resources/import-rejections.resource.ts';
import { DefineCollectionTool } from '../tools/define-collection.tool.ts';
import { ImportRecordsTool } from '../tools/import-records.tool.ts';

let app: RecordsApp;
let collections = 0;
let collection: string;

beforeAll(async () => {
  app = await startRecords();
});
afterAll(() => app.stop());

async function define(name: string, required: string[] = []) {
  await app.call(DefineCollectionTool, { name, json_schema: { type: 'object', required } });
}

async function start(content: string) {
  collection = `things_${++collections}`;
  await define(collection);
  const { operation } = await app.call(ImportRecordsTool, { collection, format: 'ndjson', content });
  return operation!;
}

async function records() {
  const [row] = await app.database.read(
    ANN,
    () =>
      app.database.sql<[{ count: number }]>`select count(*) from records where collection = ${collection}`,
  );
  return row.count;
}

/** The first ones of the page after a line. */
async function rejections(
  operationId: string,
  afterLine: number,
  limit: number,
  { tenant, subject }: Caller = ANN,
) {
  const principal = { tenant, subject, client: 'test', scopes: new Set<string>() };
  const request = { principal, signal: new AbortController().signal };
  const text = await app.database.read({ tenant }, () =>
    app
      .get(ImportRejectionsResource)
      .read({ operation_id: operationId, after_line: String(afterLine) }, request),
  );
  const page = JSON.parse(text!) as { rejections: Rejection[] };
  return page.rejections.slice(0, limit);
}

/** Enough to be in the middle of it for a while. */
const LONG = Array.from({ length: 50_000 }, (_, i) => `{"n":${i}}`).join('\n');

describe('a running import', () => {
  it('that is cancelled leaves what its last progress says, and nothing more', async () => {
    const { operation_id } = await start(LONG);
    await waitFor(async () => {
      const { progress } = await app.call(CheckOperationStatusTool, { operation_id });
      return progress.done > 0;
    });
    const cancelled = await app.call(CancelOperationTool, { operation_id });
    expect(cancelled.status).toBe('cancelled');
    expect(await records()).toBe(cancelled.progress.done);
    expect(cancelled.progress.done).toBeLessThan(50_000);
    await sleep(700);
    expect(await records()).toBe(cancelled.progress.done);
  });

  it('minds the definition of now', async () => {
    const { operation_id } = await start(LONG);
    await waitFor(async () => {
      const { progress } = await app.call(CheckOperationStatusTool, { operation_id });
      return progress.done > 0;
    });
    const indexed_fields = [{ field: 'n', type: 'number' }];
    await app.call(DefineCollectionTool, {
      name: collection,
      json_schema: { type: 'object' },
      indexed_fields,
    });
    await app.call(CancelOperationTool, { operation_id });
    const [row] = await app.database.read(
      ANN,
      () => app.database.sql<[{ count: number }]>`
        select count(*) from records where collection = ${collection} and key_1 is null`,
    );
    expect(row.count).toBe(0);
  });
});

describe('rejections', () => {
  it('can be read in pages, by whoever imports', async () => {
    const operation = await start('{}\n'.repeat(5) + 'x\n'.repeat(30));
    expect(await finished(app, operation)).toMatchObject({
      result: { imported: 5, rejected: 30, rejections: { length: 20 } },
    });
    const id = operation.operation_id;
    expect((await rejections(id, 0, 2)).map(({ line }) => line)).toEqual([6, 7]);
    expect((await rejections(id, 33, 10)).map(({ line }) => line)).toEqual([34, 35]);
    for (const stranger of [
      { tenant: 'acme', subject: 'bob' },
      { tenant: 'umbrella', subject: 'ann' },
    ])
      await expect(rejections(id, 0, 2, stranger)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('beyond a number are only counted', async () => {
    const operation = await start('x\n'.repeat(11_000));
    expect(await finished(app, operation)).toMatchObject({ result: { rejected: 11_000 } });
    expect((await rejections(operation.operation_id, 9_998, 9_999)).map(({ line }) => line)).toEqual([
      9_999, 10_000,
    ]);
  });
});

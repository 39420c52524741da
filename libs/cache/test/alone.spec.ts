import { randomUUID } from 'node:crypto';
import { createTestDatabase, startTestRedis, type TestDatabase } from '@gantry/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { migrateAll, startReplica, type Replica } from './replica.ts';

const server = await startTestRedis();
afterAll(() => server?.close());

let database: TestDatabase;
let replica: Replica;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateAll(database.ownerUrl);
});
afterEach(() => replica.stop());
afterAll(() => database.drop());

async function writesAndReads(): Promise<void> {
  const id = randomUUID();
  for (const body of ['first', 'second']) {
    await replica.write(id, body);
    for (let reads = 0; reads < 2; reads++) expect(await replica.note(id)).toBe(body);
  }
  expect(replica.loads).toBe(4);
}

describe('a replica without Redis', () => {
  it('loads every time, and does not speak of a cache', async () => {
    replica = await startReplica(database.serviceUrl);
    await writesAndReads();
    expect(await replica.metric('mcp_cache_requests_total')).toBeUndefined();
  });
});

describe('a replica whose Redis was never there', () => {
  it('loads every time, and says so', async () => {
    replica = await startReplica(database.serviceUrl, { MCP_REDIS_URL: 'redis://127.0.0.1:1' });
    await writesAndReads();
    expect(await replica.results()).toEqual({ unavailable: 4 });
    expect(await replica.metric('mcp_cache_invalidations_total', { result: 'failed' })).toBe(2);
  });
});

(server ? describe : describe.skip)('a replica with the cache switched off', () => {
  it('loads every time, and still drops the copies of others', async () => {
    const service = `notes-${randomUUID()}`;
    const env = { MCP_REDIS_URL: server!.url };
    const other = await startReplica(database.serviceUrl, env, service);
    replica = await startReplica(database.serviceUrl, { ...env, MCP_CACHE: 'off' }, service);
    await writesAndReads();
    expect(await replica.results()).toEqual({ bypass: 4 });

    const id = randomUUID();
    await other.write(id, 'first');
    expect(await other.note(id)).toBe('first');
    await replica.write(id, 'second');
    await replica.settled();
    expect(await other.note(id)).toBe('second');
    await other.stop();
  });
});

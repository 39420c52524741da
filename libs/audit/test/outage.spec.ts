import { startTcpProxy, waitFor, type TcpProxy } from '@gantry/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { useFixture } from './fixture.ts';
import { startReplica, type Answer, type Replica } from './replica.ts';

const the = useFixture();
const QUEUE_ROWS = 20;
let proxy: TcpProxy;
let replica: Replica;
let refused: () => Promise<Answer>;

/** Of tenants of their own, so that tests do not see each other's entries. */
let tenant: string;

beforeEach(async () => {
  tenant = `tenant-${Math.random().toString(36).slice(2)}`;
  proxy = await startTcpProxy(the.serviceUrl);
  replica = await startReplica(proxy.through(the.serviceUrl), {
    MCP_AUDIT_QUEUE_ROWS: String(QUEUE_ROWS),
    MCP_AUDIT_BATCH_ROWS: '5',
    MCP_DATABASE_CONNECT_TIMEOUT_MS: '500',
  });
  refused = () => replica.tool('read', async () => ({}))({ tenant, scopes: [] });
});
afterEach(async () => {
  proxy.resume();
  await replica.stop();
  await proxy.close();
});

/** A call of a tool that reads but touches no database, so that it succeeds without one. */
function read(): Promise<Answer> {
  return replica.tool('read', async () => ({}))({ tenant });
}

function times(count: number, call: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, call));
}

async function recorded(): Promise<string[]> {
  return (await the.replica.rows(tenant)).map((row) => row.request_id);
}

function ids(answers: readonly Answer[]): string[] {
  return answers.map(({ requestId }) => requestId);
}

describe('without a database', () => {
  it('calls are answered; at most so many entries wait; the oldest reads go first; the rest is written later', async () => {
    await read();
    await waitFor(async () => (await recorded()).length === 1);
    proxy.cut();
    const refusals = await times(5, refused);
    const reads = await times(QUEUE_ROWS + 10, read);
    expect(reads.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(await replica.metric('mcp_audit_queue_entries')).toBe(QUEUE_ROWS);
    expect(await replica.metric('mcp_audit_dropped_total{kind="read"}')).toBe(15);
    expect(await replica.metric('mcp_audit_dropped_total{kind="other"}')).toBe(0);
    proxy.resume();
    await waitFor(async () => (await recorded()).length === QUEUE_ROWS + 1, 15_000);
    expect(await recorded()).toEqual(expect.arrayContaining(ids(refusals)));
    expect(await recorded()).toEqual(expect.arrayContaining(ids(reads.slice(15))));
    expect(await replica.metric('mcp_audit_queue_entries')).toBe(0);
  });

  it('refusals go when no read is left to go', async () => {
    proxy.cut();
    const refusals = await times(QUEUE_ROWS + 1, refused);
    expect(await replica.metric('mcp_audit_dropped_total{kind="other"}')).toBe(1);
    proxy.resume();
    await waitFor(async () => (await recorded()).length === QUEUE_ROWS, 15_000);
    const kept = new Set(await recorded());
    expect(ids(refusals).filter((id) => !kept.has(id))).toHaveLength(1);
  });

  it('an external call is answered, and recorded later', async () => {
    proxy.cut();
    const answer = await replica.tool('external', async () => ({}))({ tenant });
    expect(answer.outcome).toBe('ok');
    proxy.resume();
    await waitFor(async () => (await recorded()).length === 1, 15_000);
    expect(await recorded()).toEqual([answer.requestId]);
  });

  it('the service stops all the same', async () => {
    const other = await startReplica(proxy.through(the.serviceUrl), {
      MCP_DATABASE_CONNECT_TIMEOUT_MS: '500',
    });
    const call = other.tool('read', async () => ({}));
    proxy.cut();
    await call({ tenant });
    await other.stop();
    expect(await other.metric('mcp_audit_dropped_total{kind="read"}')).toBe(1);
    await call({ tenant });
    expect(await other.metric('mcp_audit_dropped_total{kind="read"}')).toBe(2);
  });
});

describe('with a database', () => {
  it('a full batch does not wait for its time', async () => {
    const other = await startReplica(the.serviceUrl, {
      MCP_AUDIT_FLUSH_MS: '60000',
      MCP_AUDIT_BATCH_ROWS: '5',
    });
    const call = other.tool('read', async () => ({}));
    await times(4, () => call({ tenant }));
    expect(await recorded()).toEqual([]);
    await call({ tenant });
    await waitFor(async () => (await recorded()).length === 5);
    await other.stop();
  });

  it('entries of several tenants are written in one go, each under its own', async () => {
    const tenants = Array.from({ length: 5 }, (_, index) => `${tenant}-${index}`);
    const call = replica.tool('read', async () => ({}));
    for (const each of tenants) await times(3, () => call({ tenant: each }));
    for (const each of tenants) {
      await waitFor(async () => (await the.replica.rows(each)).length === 3);
    }
  });

  it('what waits is written when the service stops', async () => {
    const other = await startReplica(the.serviceUrl, {
      MCP_AUDIT_FLUSH_MS: '60000',
      MCP_AUDIT_BATCH_ROWS: '50',
    });
    const answers = await times(120, () => other.tool('read', async () => ({}))({ tenant }));
    await other.stop();
    expect((await recorded()).toSorted()).toEqual(ids(answers).toSorted());
    expect(await other.metric('mcp_audit_dropped_total{kind="read"}')).toBe(0);
  });
});

import { createHash } from 'node:crypto';
import { businessError, sharedError } from '@gantry/errors';
import { canonicalJson, type Effect } from '@gantry/pipeline';
import { waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { useFixture } from './fixture.ts';
import { startReplica, type Answer, type Handler, type Row, type TestCall } from './replica.ts';

const the = useFixture();

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The one row of a call, as soon as it is there. */
async function rowOf(answer: Answer): Promise<Row> {
  const rows = await waitFor(async () => {
    const found = await the.replica.rowsOf(answer);
    return found.length > 0 ? found : undefined;
  });
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

const add: Handler = async ({ name }) => {
  await the.replica.addThing(String(name));
  return {};
};

const refuse: Handler = async (input, call) => {
  await add(input, call);
  throw businessError('thing_taken', 'Taken.', 'Choose another.');
};

const nothing: Handler = async () => ({});

/** Longer than the deadline, deaf to the signal. */
const hang: Handler = () => new Promise(() => {});

describe('an entry', () => {
  it('says who did what, when, how it ended and which call it was', async () => {
    const before = Date.now();
    const key = 'order-cart-7f3a';
    const args = { name: 'lamp', size: { b: 1, a: [2] } };
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const answer = await the.replica.tool(
      'create',
      add,
    )({
      args: { ...args, idempotency_key: key },
      traceparent: `00-${trace}-b7ad6b7169203331-01`,
    });
    const row = await rowOf(answer);
    expect(row).toEqual({
      id: expect.any(Number),
      tenant_id: 'acme',
      request_id: answer.requestId,
      at: expect.any(String),
      recorded_at: expect.any(String),
      subject: 'alice',
      client: 'agent',
      tool: 'create_thing',
      effect: 'create',
      outcome: 'ok',
      category: null,
      duration_ms: expect.any(Number),
      error_id: null,
      trace_id: trace,
      idempotency_key_hash: sha256(key),
      arguments_hash: sha256(canonicalJson(args)),
      replayed: false,
    });
    expect(Date.parse(String(row['at']))).toBeGreaterThanOrEqual(before);
    expect(Date.parse(String(row['at']))).toBeLessThanOrEqual(Date.now());
    expect(row['duration_ms']).toBeGreaterThan(0);
  });

  it('of a failure has its code, its category and the id that finds it in the logs', async () => {
    const answer = await the.replica.tool('update', refuse)({ args: { name: 'taken' } });
    expect(await rowOf(answer)).toMatchObject({
      outcome: 'thing_taken',
      category: 'business_error',
      error_id: answer.errorId,
    });
  });
});

describe('every call leaves one entry with its outcome', () => {
  const read: Effect[] = ['read'];
  const writes: Effect[] = ['create', 'update', 'delete'];
  const all: Effect[] = [...read, ...writes, 'external'];

  const kinds: [kind: string, effects: Effect[], handler: Handler, call: TestCall, outcome: string][] = [
    ['done', all, nothing, {}, 'ok'],
    ['refused by the business', all, async () => refusal(), {}, 'thing_taken'],
    ['not permitted', all, nothing, { scopes: [] }, 'permission_denied'],
    ['not valid', all, nothing, { args: { invalid: true } }, 'validation_error'],
    ['too slow, in SQL', [...read, ...writes], () => sleepInSql(), {}, 'timeout'],
    ['too slow, and left behind', all, hang, {}, 'timeout'],
    ['broken', all, async () => Promise.reject(new TypeError('a bug')), {}, 'internal_error'],
    ['in the way of another', all, async () => Promise.reject(unavailable()), {}, 'dependency_unavailable'],
  ];
  const cases = kinds.flatMap(([kind, effects, ...rest]) =>
    effects.map((effect) => [kind, effect, ...rest] as const),
  );

  function refusal(): never {
    throw businessError('thing_taken', 'Taken.', 'Choose another.');
  }

  function unavailable(): Error {
    return sharedError('dependency_unavailable', 'Away.');
  }

  async function sleepInSql(): Promise<Record<string, unknown>> {
    await the.replica.database.sql`select pg_sleep(10)`;
    return {};
  }

  it.each(cases)('%s: %s', async (_kind, effect, handler, call, outcome) => {
    const deadlineMs = outcome === 'timeout' ? 100 : 5_000;
    const answer = await the.replica.tool(effect, handler, deadlineMs)(call);
    expect(answer.outcome).toBe(outcome);
    expect(await rowOf(answer)).toMatchObject({ effect, outcome, error_id: answer.errorId, replayed: false });
  });

  it.each<[string, Handler, string]>([
    ['success', add, 'ok'],
    ['refusal', refuse, 'thing_taken'],
  ])('replayed %s: one entry for the call and one for the replay', async (what, handler, outcome) => {
    const create = the.replica.tool('create', handler);
    const args = { name: `replayed ${what}`, idempotency_key: `replay-${what}` };
    const first = await create({ args });
    const second = await create({ args });
    expect(await rowOf(first)).toMatchObject({ outcome, replayed: false });
    const replay = await rowOf(second);
    expect(replay).toMatchObject({ outcome, replayed: true, error_id: first.errorId });
    const original = await rowOf(first);
    expect(replay['idempotency_key_hash']).toBe(original['idempotency_key_hash']);
    expect(replay['arguments_hash']).toBe(original['arguments_hash']);
  });

  it('with an idempotency key that looks like a card number: nothing leads back to it', async () => {
    const card = '4111 1111 1111 1111';
    const answer = await the.replica.tool('create', nothing)({ args: { idempotency_key: `pay ${card}` } });
    const { idempotency_key_hash: hash } = await rowOf(answer);
    expect(hash).toBe(sha256('pay [redacted]'));
  });

  it('and no call leaves two, nor none', async () => {
    await the.replica.stop();
    const later = await startReplica(the.serviceUrl);
    const recorded = (await later.rows()).map((row) => row.request_id);
    await later.stop();
    expect(recorded.toSorted()).toEqual(the.replica.answered.toSorted());
  });
});

describe('the entry of a write', () => {
  it('is there when the call is answered', async () => {
    const replica = await startReplica(the.serviceUrl, { MCP_AUDIT_FLUSH_MS: '60000' });
    const done = await replica.tool('create', nothing)();
    const refused = await replica.tool('delete', async () => {
      throw businessError('thing_taken', 'Taken.', 'Choose another.');
    })();
    const external = await replica.tool('external', nothing)();
    const read = await replica.tool('read', nothing)();
    expect(await replica.rowsOf(done)).toHaveLength(1);
    expect(await replica.rowsOf(refused)).toHaveLength(1);
    expect(await replica.rowsOf(external)).toHaveLength(1);
    expect(await replica.rowsOf(read)).toHaveLength(0);
    expect(await replica.metric('mcp_audit_entries_total{path="transaction"}')).toBe(2);
    expect(await replica.metric('mcp_audit_entries_total{path="direct"}')).toBe(1);
    expect(await replica.metric('mcp_audit_entries_total{path="batch"}')).toBe(0);
    expect(await replica.metric('mcp_audit_queue_entries')).toBe(1);
    await replica.stop();
    const later = await startReplica(the.serviceUrl);
    expect(await later.rowsOf(read)).toHaveLength(1);
    await later.stop();
  });

  it('commits with its effect, outlives the rows of a refusal, and rolls back with a failure', async () => {
    const replica = await startReplica(the.serviceUrl);
    const addTo: Handler = async ({ name }) => (await replica.addThing(String(name)), {});
    const run = (name: string, then: () => void) =>
      replica.tool(
        'create',
        async (input, call) => (await addTo(input, call), then(), {}),
      )({ args: { name } });
    const done = await run('kept', () => {});
    const refused = await run('undone', () => {
      throw businessError('thing_taken', 'Taken.', 'Choose another.');
    });
    const failed = await run('lost', () => {
      throw new Error('a bug');
    });
    const things = await replica.things();
    expect(things).toContain('kept');
    expect(things).not.toContain('undone');
    expect(things).not.toContain('lost');
    expect(await replica.rowsOf(done)).toMatchObject([{ outcome: 'ok' }]);
    expect(await replica.rowsOf(refused)).toMatchObject([{ outcome: 'thing_taken' }]);
    await waitFor(async () => (await replica.rowsOf(failed)).length);
    expect(await replica.rowsOf(failed)).toMatchObject([{ outcome: 'internal_error' }]);
    await replica.stop();
  });

  it('that cannot be added stops the write', async () => {
    const replica = await startReplica(the.serviceUrl);
    // Its entry is in the way: as if the id of the request had been used before.
    let used = false;
    const answer = await replica.tool('create', async (_input, call) => {
      await replica.addThing('never');
      if (!used) {
        used = true;
        await replica.database.sql`
          insert into audit_entries
            (tenant_id, request_id, at, subject, client, tool, effect, outcome, duration_ms, replayed)
          values ('acme', ${call.requestId}, now(), 'x', 'x', 'x', 'create', 'ok', 0, false)`;
      }
      return {};
    })();
    expect(answer.outcome).toBe('internal_error');
    expect(await replica.things()).not.toContain('never');
    await waitFor(async () => (await replica.rowsOf(answer)).length);
    expect(await replica.rowsOf(answer)).toMatchObject([{ outcome: 'internal_error' }]);
    await replica.stop();
  });
});

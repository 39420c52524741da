import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useFixture } from './fixture.ts';
import { startReplica, type Replica } from './replica.ts';

const the = useFixture();

describe('a call whose key is in use', () => {
  /** A call that has claimed the key and lasts until `end` is called. */
  async function startOn(where: Replica): Promise<{ first: Promise<unknown>; end: () => void }> {
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const create = where.tool('create', async () => {
      begun.resolve();
      await ended.promise;
      await where.addThing(the.thing);
      return {};
    });
    const first = create({ key: the.key });
    await begun.promise;
    return { first, end: ended.resolve };
  }

  it('waits for the first one and gets its answer', async () => {
    const create = the.replica.tool('create', async (input, call) => {
      await sleep(100);
      return the.add(input, call);
    });
    const calls = Array.from({ length: 20 }, () => create({ key: the.key, input: { name: the.thing } }));
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => !answer.replay)).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.output))).size).toBe(1);
    expect(await the.count(the.thing)).toBe(1);
  });

  it('takes over if the first one fails', async () => {
    let runs = 0;
    const create = the.replica.tool('create', async (input, call) => {
      const run = ++runs;
      await sleep(50);
      if (run === 1) throw new Error('boom');
      return the.add(input, call);
    });
    const answers = await Promise.all(
      [1, 2, 3].map(() => create({ key: the.key, input: { name: the.thing } })),
    );
    expect(answers.map((answer) => answer.error?.code ?? answer.replay)).toEqual([
      'internal_error',
      false,
      true,
    ]);
    expect(await the.count(the.thing)).toBe(1);
  });

  it('holds no connection while it waits', async () => {
    const small = await startReplica(the.serviceUrl, {
      MCP_IDEMPOTENCY_WAIT_MS: '20000',
      MCP_DATABASE_POOL_SIZE: '2',
    });
    const { first, end } = await startOn(small);
    const repeat = small.tool('create', async () => ({}));
    const repetitions = Array.from({ length: 50 }, () => repeat({ key: the.key }));
    // Of the two connections the first call holds one. If a repetition held the other, this would not end.
    const other = small.tool('create', async () => ({ done: true }));
    expect(await other({ key: `other ${the.key}` })).toMatchObject({ output: { done: true } });
    end();
    await first;
    for (const answer of await Promise.all(repetitions)) expect(answer).toEqual({ output: {}, replay: true });
    await small.stop();
  });

  it.each(['the same replica', 'another replica'])(
    'does not wait beyond its deadline for %s',
    async (where) => {
      const patient = await startReplica(the.serviceUrl, { MCP_IDEMPOTENCY_WAIT_MS: '30000' });
      const { first, end } = await startOn(where === 'the same replica' ? patient : the.replica);
      const { error } = await patient.tool('create', async () => ({}))({ key: the.key, deadlineMs: 150 });
      expect(['idempotency_in_flight', 'timeout']).toContain(error?.code);
      end();
      await first;
      await patient.stop();
    },
  );

  describe('on replicas that wait 200 ms', () => {
    let one: Replica;
    let other: Replica;
    beforeAll(async () => {
      const env = { MCP_IDEMPOTENCY_WAIT_MS: '200' };
      one = await startReplica(the.serviceUrl, env);
      other = await startReplica(the.serviceUrl, env);
    });
    afterAll(async () => {
      await one?.stop();
      await other?.stop();
    });

    it.each(['the same replica', 'another replica'])('is told to come back, on %s', async (where) => {
      const { first, end } = await startOn(one);
      const second = (where === 'another replica' ? other : one).tool('create', async () => ({}));
      expect(await second({ key: the.key })).toMatchObject({
        error: { code: 'idempotency_in_flight', retryable: true, retry_after_seconds: 1 },
        replay: false,
      });
      end();
      await first;
      expect(await second({ key: the.key })).toEqual({ output: {}, replay: true });
      expect(await the.count(the.thing)).toBe(1);
    });

    it('leaves the waits of the handler for other locks unbounded', async () => {
      const create = one.tool('create', async () => {
        const [row] = await one.database.sql`select current_setting('lock_timeout') as bound`;
        return { bound: row!['bound'] };
      });
      expect(await create({ key: the.key })).toEqual({ output: { bound: '0' }, replay: false });
    });
  });
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@gantry/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { useFixture } from './fixture.ts';
import type { Report } from './replica-process.ts';

const the = useFixture();

// Starting a process compiles its sources.
jest.setTimeout(60_000);

const FLUSH_MS = 100;

/** What a busy machine may take for an insert and a message: a generous bound, not a measure. */
const SLACK_MS = 2_000;

/** A call that the process has answered, and when we heard of it. */
interface Answered {
  readonly requestId: string;
  readonly heardAt: number;
}

/** Lets a process call for a while, then kills it. Resolves when nothing of it runs in the database any more. */
async function callUntilKilled(effect: 'create' | 'read', inParallel: number, forMs: number) {
  const child = fork(new URL('./replica-process.ts', import.meta.url), [effect, String(inParallel)], {
    execArgv: ['--import', '@gantry/testing/typescript'],
    env: { PATH: process.env['PATH'], TEST_DATABASE_URL: the.serviceUrl, TEST_FLUSH_MS: String(FLUSH_MS) },
  });
  const answered: Answered[] = [];
  child.on('message', ({ requestId }: Report) => {
    answered.push({ requestId, heardAt: performance.now() });
  });
  await once(child, 'message');
  await sleep(forMs);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  const killedAt = performance.now();
  await exit;
  const { database } = the.replica;
  await waitFor(() =>
    database.read({ tenant: 'acme' }, async () => {
      const [{ running }] = await database.sql<[{ running: number }]>`
        select count(*)::integer as running from pg_stat_activity
        where usename = current_user and state <> 'idle' and pid <> pg_backend_pid()`;
      return running === 0;
    }),
  );
  return { answered, killedAt };
}

describe('a process that is killed', () => {
  it.each([1, 2, 3])(
    'loses no entry of a write that has committed, and keeps none of one that has not (%i)',
    async () => {
      const { answered } = await callUntilKilled('create', 8, 300 + Math.random() * 400);
      const done = (await the.replica.rows()).filter(({ effect }) => effect === 'create');
      expect(done.every(({ outcome }) => outcome === 'ok')).toBe(true);
      const entries = done.map((row) => row.request_id).toSorted();
      expect(entries).toEqual((await the.replica.things()).toSorted());
      expect(entries).toEqual(expect.arrayContaining(answered.map(({ requestId }) => requestId)));
      expect(answered.length).toBeGreaterThan(10);
    },
  );

  it('loses of reads only the latest: those of the flush interval and of what was on its way', async () => {
    const { answered, killedAt } = await callUntilKilled('read', 1, SLACK_MS + 1_000);
    const entries = new Set((await the.replica.rows()).map((row) => row.request_id));
    const firstLost = answered.findIndex(({ requestId }) => !entries.has(requestId));
    const lost = firstLost === -1 ? [] : answered.slice(firstLost);
    // Nothing is missing in the middle.
    expect(lost.filter(({ requestId }) => entries.has(requestId))).toEqual([]);
    for (const { heardAt } of lost) expect(killedAt - heardAt).toBeLessThan(FLUSH_MS + SLACK_MS);
    expect(answered.length - lost.length).toBeGreaterThan(10);
  });
});

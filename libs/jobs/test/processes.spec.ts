import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startTcpProxy, waitFor } from '@gantry/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Jobs } from '../src/index.ts';
import { useFixture } from './fixture.ts';
import { additions, handlers } from './handlers.ts';
import { check, startFill } from './operation-calls.ts';
import { operationProviders } from './operation-handlers.ts';
import { startReplica } from './replica.ts';

const settings = {
  MCP_OPERATIONS_LEASE_SECONDS: '2',
  MCP_JOBS_HEARTBEAT_SECONDS: '10',
  MCP_JOBS_SUPERVISE_SECONDS: '1',
  MCP_JOBS_SCHEDULE_SECONDS: '1',
};

// The replica of the test only starts operations; others run them.
const the = useFixture([...operationProviders], { ...settings, MCP_OPERATIONS_CONCURRENCY: '0' });
const processes = new Set<ChildProcess>();

// Starting a process compiles its sources.
jest.setTimeout(90_000);

afterEach(async () => {
  await Promise.all([...processes].map(kill));
});

async function startProcess(): Promise<ChildProcess> {
  const child = fork(new URL('./replica-process.ts', import.meta.url), {
    execArgv: ['--import', '@gantry/testing/typescript'],
    env: { PATH: process.env['PATH'], TEST_DATABASE_URL: the.serviceUrl, ...settings },
  });
  processes.add(child);
  await once(child, 'message');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  processes.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function doneBeyond(id: string, done: number): Promise<number> {
  return waitFor(async () => {
    const { progress } = await check(the.replica, id);
    return progress.done > done ? progress.done : undefined;
  }, 10_000);
}

async function finished(id: string) {
  return waitFor(async () => {
    const view = await check(the.replica, id);
    return view.poll_after_seconds === undefined ? view : undefined;
  }, 30_000);
}

/** The names without the common beginning, and which processes added them. */
async function thingsBy(prefix: string): Promise<{ names: string[]; pids: Set<number> }> {
  const rows = await the.replica.database.read(
    { tenant: 'acme' },
    () =>
      the.replica.database.sql<{ name: string; pid: number }[]>`
      select name, pid from things where starts_with(name, ${prefix})`,
  );
  return { names: rows.map(({ name }) => name), pids: new Set(rows.map(({ pid }) => pid)) };
}

describe('an operation whose replica is killed', () => {
  it('twice is taken over twice, and nothing is lost or doubled', async () => {
    const count = 1_000;
    const [first, second] = await Promise.all([startProcess(), startProcess()]);
    const id = await startFill(the.replica, { name: the.thing, count, pause_ms: 40 });
    await doneBeyond(id, 50);
    const [runner, other] = (await thingsBy(the.thing)).pids.has(first.pid!)
      ? [first, second]
      : [second, first];

    await kill(runner);
    const beforeFirst = (await check(the.replica, id)).progress.done;
    await doneBeyond(id, beforeFirst);
    const third = await startProcess();
    await kill(other);
    const beforeSecond = (await check(the.replica, id)).progress.done;
    expect(beforeSecond).toBeLessThan(count);

    expect(await finished(id)).toMatchObject({
      status: 'succeeded',
      result: { added: count, resumed_at: beforeSecond },
    });
    const { names, pids } = await thingsBy(the.thing);
    expect(names).toHaveLength(count);
    expect(new Set(names).size).toBe(count);
    expect(pids).toEqual(new Set([runner.pid, other.pid, third.pid]));
  });
});

describe('an operation whose replica hangs', () => {
  it('is taken over, and when that replica comes back it can write nothing any more', async () => {
    const count = 300;
    const hanging = await startProcess();
    const id = await startFill(the.replica, { name: the.thing, count, pause_ms: 100 });
    await doneBeyond(id, 50);
    hanging.kill('SIGSTOP');
    const { done } = (await check(the.replica, id)).progress;
    const heir = await startProcess();
    await doneBeyond(id, done);
    hanging.kill('SIGCONT');
    expect(await finished(id)).toMatchObject({ status: 'succeeded', result: { added: count } });
    const { names, pids } = await thingsBy(the.thing);
    expect(names).toHaveLength(count);
    expect(new Set(names).size).toBe(count);
    expect(pids).toEqual(new Set([hanging.pid, heir.pid]));
  });

  it('or is cut off from the database is taken over, too', async () => {
    const proxy = await startTcpProxy(the.serviceUrl);
    const cutOff = await startReplica(proxy.through(the.serviceUrl), operationProviders, settings);
    const id = await startFill(the.replica, { name: the.thing, count: 200, pause_ms: 100 });
    const done = await doneBeyond(id, 0);
    proxy.pause();
    const heir = await startReplica(the.serviceUrl, operationProviders, settings);
    await doneBeyond(id, done + 10);
    expect(await finished(id)).toMatchObject({ status: 'succeeded' });
    expect((await thingsBy(the.thing)).names).toHaveLength(200);
    proxy.resume();
    await cutOff.stop();
    await heir.stop();
    await proxy.close();
  });
});

describe('an operation whose replica stops', () => {
  it('goes on at once on another one', async () => {
    const stopping = await startReplica(the.serviceUrl, operationProviders, {
      ...settings,
      MCP_OPERATIONS_LEASE_SECONDS: '60',
    });
    const id = await startFill(the.replica, { name: the.thing, count: 200, pause_ms: 50 });
    await doneBeyond(id, 0);
    const going = await startReplica(the.serviceUrl, operationProviders, settings);
    await stopping.stop();
    const view = await finished(id);
    await going.stop();
    expect(view.status).toBe('succeeded');
    expect((view.result as { resumed_at: number }).resumed_at).toBeGreaterThan(0);
    expect((await thingsBy(the.thing)).names).toHaveLength(200);
  });
});

describe('a job whose replica is killed', () => {
  it('is handled by another one, once', async () => {
    const doomed = await startProcess();
    await the.replica.write(() =>
      the.replica.app.get(Jobs).enqueue(additions, { name: the.thing, wait_ms: 2_000 }),
    );
    await waitFor(
      async () =>
        (await the.owner`select from pgboss.job where name = 'additions' and state = 'active'`).length > 0,
    );
    await kill(doomed);
    const heir = await startReplica(the.serviceUrl, handlers, settings);
    await waitFor(async () => (await thingsBy(the.thing)).names.length > 0, 30_000);
    await heir.stop();
    const { names, pids } = await thingsBy(the.thing);
    expect(names).toEqual([the.thing]);
    expect(pids).toEqual(new Set([process.pid]));
  });
});

describe('a schedule', () => {
  it('runs once per tick, however many replicas there are', async () => {
    await Promise.all([startProcess(), startProcess()]);
    await waitFor(async () => (await the.replica.things('clock')).length > 0, 10_000);
    // Long enough for both to have looked at the schedule several times.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const minutes = await the.replica.things('clock');
    expect(new Set(minutes).size).toBe(minutes.length);
    expect(minutes.length).toBeLessThanOrEqual(2);
  });
});

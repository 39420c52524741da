import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { useFixture } from './fixture.ts';
import type { Order, Report } from './replica-process.ts';
import { startReplica, type Answer } from './replica.ts';

const the = useFixture();
const processes = new Set<ChildProcess>();

// Starting a process compiles its sources.
jest.setTimeout(60_000);

afterEach(async () => {
  await Promise.all([...processes].map(kill));
});

/** A second, third, … process of the service. */
async function startProcess(): Promise<ChildProcess> {
  const child = fork(new URL('./replica-process.ts', import.meta.url), {
    execArgv: ['--import', '@gantry/testing/typescript'],
    env: { PATH: process.env['PATH'], TEST_DATABASE_URL: the.serviceUrl },
  });
  processes.add(child);
  await reportOf(child, 'ready');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  processes.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Waits for a report of this kind. */
function reportOf(child: ChildProcess, kind: 'ready' | 'added' | 'answers'): Promise<Report> {
  return new Promise((resolve, reject) => {
    const died = () => reject(new Error(`The process ended before it reported "${kind}".`));
    child.once('exit', died);
    child.on('message', function listen(report: Report) {
      if (!(kind in report)) return;
      child.off('message', listen).off('exit', died);
      resolve(report);
    });
  });
}

async function answersOf(child: ChildProcess): Promise<readonly Answer[]> {
  const report = await reportOf(child, 'answers');
  return 'answers' in report ? report.answers : [];
}

function send(child: ChildProcess, order: Pick<Order, 'calls' | 'then'>): void {
  child.send({ key: the.key, thing: the.thing, ...order } satisfies Order);
}

/** The same call on the replica of this process. */
async function repeat(): Promise<Answer> {
  const create = the.replica.tool('create', async () => {
    await the.replica.addThing(the.thing);
    return { thing: the.thing, process: process.pid };
  });
  return create({ key: the.key, input: { thing: the.thing } });
}

/** The same call, as often as the answer says that it may succeed later. */
async function repeatUntilAnswered(): Promise<Answer> {
  for (;;) {
    const answer = await repeat();
    if (!answer.error?.retryable) return answer;
  }
}

/** Every answer is the one first answer, or says that the call may be repeated. */
function expectOneAnswer(answers: readonly Answer[]): void {
  const firsts = answers.filter((answer) => answer.output && !answer.replay);
  expect(firsts).toHaveLength(1);
  for (const { output, error } of answers) {
    if (error) expect(error).toMatchObject({ code: 'idempotency_in_flight', retryable: true });
    else expect(output).toEqual(firsts[0]!.output);
  }
}

describe('replicas racing on one key', () => {
  it('in one process with a pool each: 50 identical calls take effect once', async () => {
    const other = await startReplica(the.serviceUrl);
    const answers = await Promise.all(
      [the.replica, other].flatMap((where) => {
        const create = where.tool('create', async () => {
          await where.addThing(the.thing);
          return { made: randomUUID() };
        });
        return Array.from({ length: 25 }, () => create({ key: the.key, input: { thing: the.thing } }));
      }),
    );
    await other.stop();
    expect(answers).toHaveLength(50);
    expectOneAnswer(answers);
    expect(await the.count(the.thing)).toBe(1);
  });

  it.each(['answer', 'answer slowly'] as const)(
    'in two processes that %s: 50 identical calls take effect once',
    async (then) => {
      const racers = await Promise.all([startProcess(), startProcess()]);
      const finished = Promise.all(racers.map(answersOf));
      for (const racer of racers) send(racer, { calls: 25, then });
      const answers = (await finished).flat();
      expect(answers).toHaveLength(50);
      expectOneAnswer(answers);
      expect(await the.count(the.thing)).toBe(1);
    },
  );
});

describe('a crash', () => {
  it('of the process between insert and commit: the repetition takes effect, once', async () => {
    const doomed = await startProcess();
    const added = reportOf(doomed, 'added');
    send(doomed, { calls: 1, then: 'hang' });
    await added;
    expect(await the.count(the.thing)).toBe(0);
    await kill(doomed);
    expect(await repeatUntilAnswered()).toEqual({
      output: { thing: the.thing, process: process.pid },
      replay: false,
    });
    expect(await repeat()).toMatchObject({ replay: true });
    expect(await the.count(the.thing)).toBe(1);
  });

  it('of the process while another one waits for it: the other one takes over', async () => {
    const doomed = await startProcess();
    const added = reportOf(doomed, 'added');
    send(doomed, { calls: 1, then: 'hang' });
    await added;
    const waiting = repeatUntilAnswered();
    await kill(doomed);
    expect(await waiting).toEqual({ output: { thing: the.thing, process: process.pid }, replay: false });
    expect(await the.count(the.thing)).toBe(1);
  });

  it('of the process after the commit: the repetition gets the answer that was lost', async () => {
    const doomed = await startProcess();
    const answered = answersOf(doomed);
    send(doomed, { calls: 1, then: 'answer' });
    const [lost] = await answered;
    await kill(doomed);
    expect(await repeat()).toEqual({ ...lost, replay: true });
    expect(await the.count(the.thing)).toBe(1);
  });

  it('of the connection between insert and commit: the call fails, its repetition takes effect, once', async () => {
    const begun = Promise.withResolvers<number>();
    const terminated = Promise.withResolvers<void>();
    const create = the.replica.tool('create', async () => {
      await the.replica.addThing(the.thing);
      const [backend] = await the.replica.database.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      begun.resolve(backend!.pid);
      await terminated.promise;
      return { thing: the.thing };
    });
    const failing = create({ key: the.key, input: { thing: the.thing } });
    const pid = await begun.promise;
    await the.replica.database.read(
      { tenant: 'acme' },
      () => the.replica.database.sql`select pg_terminate_backend(${pid})`,
    );
    terminated.resolve();
    const { error } = await failing;
    expect(error).toBeDefined();
    expect(error?.code).not.toBe('idempotency_conflict');
    expect(await the.count(the.thing)).toBe(0);
    expect(await repeatUntilAnswered()).toMatchObject({ replay: false });
    expect(await the.count(the.thing)).toBe(1);
  });
});

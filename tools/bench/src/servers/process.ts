import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pinned, type Role } from '../lab/cores.ts';

const PROBE = new URL('../../peers/probe.js', import.meta.url);

/** How long a server may take to start on a busy machine. */
const START_MS = 60_000;

/** How a server is started. */
export interface ServerProgram {
  /** The program and its arguments. */
  readonly program: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Its first answer of less than 400 means that it is ready. */
  readonly ready: string;
  /** What it writes goes here. */
  readonly logFile: string;
  /** Which processors it may use: that of servers unless told. */
  readonly role?: Role;
}

/** What a process has used since it was started. */
export interface Usage {
  readonly cpuMicros: number;
  readonly rss: number;
  readonly heapUsed: number;
}

interface ProbeAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** A server that is measured: a process of its own on the server core, with the probe in it. */
export class ServerProcess {
  #questions = 0;

  private constructor(
    private readonly child: ChildProcess,
    /** From the start of the process to its first good answer. */
    readonly readyAfterMs: number,
  ) {}

  /** Resolves when it is ready. */
  static async start({
    program,
    env,
    ready,
    logFile,
    role = 'server',
  }: ServerProgram): Promise<ServerProcess> {
    const log = openSync(logFile, 'w');
    const begin = performance.now();
    const [command, ...args] = pinned(role, [process.execPath, `--import=${PROBE.href}`, ...program]);
    const child = spawn(command!, args, {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    const ended = once(child, 'exit').then(() => 'ended' as const);
    while (!(await isReady(ready))) {
      const late = performance.now() - begin > START_MS;
      if (late) child.kill('SIGKILL');
      if (late || (await Promise.race([ended, sleep(5)])) === 'ended')
        throw new Error(
          `${program.join(' ')} did not start.\n${readFileSync(logFile, 'utf8').slice(-2_000)}`,
        );
    }
    return new ServerProcess(child, performance.now() - begin);
  }

  usage(): Promise<Usage> {
    return this.#ask('usage') as Promise<Usage>;
  }

  /** What is left in use when all garbage is collected. */
  async usageWithoutGarbage(): Promise<Usage> {
    return (await this.#ask('collect-garbage')) as Usage;
  }

  async startProfile(): Promise<void> {
    await this.#ask('start-profile');
  }

  /** A profile as V8 has it, which Chrome's developer tools open as well. */
  stopProfile(): Promise<unknown> {
    return this.#ask('stop-profile');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(timer);
  }

  async #ask(ask: string): Promise<unknown> {
    const id = ++this.#questions;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onMessage = (answer: ProbeAnswer) => {
      if (answer.id !== id) return;
      if (answer.error === undefined) resolve(answer.value);
      else reject(new Error(answer.error));
    };
    const onExit = () => reject(new Error('The server has ended.'));
    this.child.on('message', onMessage).once('exit', onExit);
    try {
      this.child.send({ id, ask });
      return await promise;
    } finally {
      this.child.off('message', onMessage).off('exit', onExit);
    }
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    // A peer without a health page answers a GET with 405; then it listens.
    async (response) => (await response.arrayBuffer(), response.status < 500),
    () => false,
  );
}

/** Path of a server in peers/. */
export function peer(file: string): string {
  return fileURLToPath(new URL(`../../peers/${file}`, import.meta.url));
}

import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackError } from './stack-settings.ts';

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
/** Longer than a service waits for its calls in flight. */
const STOP_TIMEOUT_MS = 15_000;
const TAIL_LINES = 20;

/** What a service process is started with. */
export interface ServiceProcessOptions {
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly cwd?: string;
}

/** A service, or another program of the stack, as a child process that logs to a file. */
export class ServiceProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;

  private constructor(child: ChildProcess, { name, logFile }: ServiceProcessOptions) {
    this.name = name;
    this.#child = child;
    this.#logFile = logFile;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) =>
        resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
      );
    });
  }

  /** Starts the program in a process group of its own: Ctrl-C reaches the stack alone, which stops it in order. */
  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    await rename(options.logFile, options.logFile.replace(/\.log$/, '.previous.log')).catch(() => {});
    const started = new ServiceProcess(launch(options), options);
    endWithThisProcess(started);
    return started;
  }

  /** Runs the program until it ends; throws unless it ends well. Ended early when `signal` is aborted. */
  static async run(options: ServiceProcessOptions, signal: AbortSignal): Promise<void> {
    await rm(options.logFile, { force: true });
    const run = new ServiceProcess(launch(options), options);
    // The whole group: a build has children of its own.
    const end = () => run.pid === undefined || process.kill(-run.pid, 'SIGTERM');
    signal.addEventListener('abort', end);
    const how = await run.ended;
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
    if (how !== 'exit code 0') throw await run.#failure(`ended with ${how}`);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Rejects as soon as the process ends, with the tail of its log. */
  async failure(): Promise<never> {
    throw await this.#failure(`ended with ${await this.ended}`);
  }

  /** Waits until the service says that it can take calls. */
  async ready(healthUrl: string, signal: AbortSignal): Promise<void> {
    const poll = AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]);
    await Promise.race([this.#answers(healthUrl, poll), this.failure()]);
    signal.throwIfAborted();
    if (poll.aborted) throw await this.#failure(`was not ready within ${READY_TIMEOUT_MS / 1000} s`);
  }

  /** Asks the process to end and resolves when it has. What does not end by itself is killed. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  async #answers(healthUrl: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ok = await fetch(healthUrl, { signal }).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return;
      await sleep(READY_POLL_MS);
    }
  }

  async #failure(what: string): Promise<StackError> {
    const log = await readFile(this.#logFile, 'utf8').catch(() => '');
    const tail = log.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    return new StackError(`${this.name} ${what}. The end of ${this.#logFile}:\n\n${tail}\n`);
  }
}

function launch({ program, args = [], env, logFile, cwd }: ServiceProcessOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, ['--enable-source-maps', program, ...args], {
      env,
      cwd,
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/**
 * A shell that waits for the end of its input, which is the end of this process, however it comes, and then
 * stops the service: even after SIGKILL nothing is left behind.
 */
function endWithThisProcess({ pid, ended }: ServiceProcess): void {
  if (pid === undefined) return;
  const watcher = spawn('sh', ['-c', 'read -r _; kill -TERM "$1"', 'watcher', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  void ended.then(() => watcher.kill());
}

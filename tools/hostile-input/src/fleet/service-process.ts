import { waitFor } from '@gantry/testing';
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../build.ts';
import { LOOK, type Lag, type ProbeMessage, type Reading } from './probe.ts';

/** How long a process may take to start, while others do the same on a busy machine. */
const START_MS = 120_000;
const STOP_MS = 15_000;

const PROBE = fileURLToPath(new URL('probe.ts', import.meta.url));
/** Started again and again, a program is compiled once. */
const COMPILED = `${ROOT}/node_modules/.cache/gantry/compiled`;

/** What a process is started with. */
export interface ProcessOptions {
  /** Of the service: its folder in apps. */
  readonly service: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Where it logs to: too much is said under attack to keep it in memory. */
  readonly logFile: string;
}

/** A compiled service with a {@link Reading | probe} in it. */
export class ServiceProcess {
  /** When the event loop was late, oldest first. */
  readonly lags: Lag[] = [];
  /** Why it is no longer there, if nobody has stopped it. */
  crash: string | undefined;
  #isStopping = false;
  readonly #exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ProcessOptions,
  ) {
    this.#exited = once(child, 'exit').then(([code, signal]) => {
      if (!this.#isStopping)
        this.crash = `ended with ${signal ?? `exit code ${code}`}; see ${options.logFile}`;
    });
    child.on('message', (message: ProbeMessage) => {
      if (message.kind === 'lag') this.lags.push(message.lag);
    });
  }

  /** Resolves when it takes calls. */
  static async start(options: ProcessOptions): Promise<ServiceProcess> {
    const log = openSync(options.logFile, 'w');
    const child = fork(programOf(options.service), {
      execArgv: ['--expose-gc', '--import', PROBE],
      env: { ...environment(options.env), MCP_PORT: String(options.port) },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    const started = new ServiceProcess(child, options);
    try {
      await waitFor(async () => {
        if (started.crash) return true;
        return (await fetch(`http://127.0.0.1:${options.port}/health/ready`)).ok;
      }, START_MS);
    } catch (error) {
      await started.stop();
      throw error;
    }
    if (started.crash) throw new Error(`${started.crash}\n${readFileSync(options.logFile, 'utf8')}`);
    return started;
  }

  /** Resolves with `undefined` if the process has crashed. */
  async look(): Promise<Reading | undefined> {
    if (this.crash) return undefined;
    const { promise, resolve } = Promise.withResolvers<Reading | undefined>();
    const listener = (message: ProbeMessage) => {
      if (message.kind === 'reading') resolve(message.reading);
    };
    this.child.on('message', listener);
    void this.#exited.then(() => resolve(undefined));
    this.child.send(LOOK);
    const reading = await promise;
    this.child.off('message', listener);
    return reading;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.#exited;
    clearTimeout(timer);
  }
}

/** As a deployment does it: once, by the owner, before the service starts. */
export function migrate(service: string, env: Readonly<Record<string, string>>, ownerUrl: string): void {
  const { status, stderr } = spawnSync(process.execPath, [programOf(service), 'migrate'], {
    env: environment({ ...env, MCP_MIGRATION_DATABASE_URL: ownerUrl }),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The database of ${service} could not be migrated.\n${stderr}`);
}

function programOf(service: string): string {
  return `${ROOT}/apps/${service}/dist/main.js`;
}

/** Nothing of this process's own: what a service does not have it cannot leak, and what it has is searched for. */
function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED, ...env };
}

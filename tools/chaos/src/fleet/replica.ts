import { freePort, spawnService, type SpawnedService } from '@gantry/testing';
import { fileURLToPath } from 'node:url';

/** How long a process may take to start, while others do the same on a busy machine. */
const START_MS = 120_000;

/** Started again and again, a program is compiled once. */
const COMPILED = fileURLToPath(new URL('../../../../node_modules/.cache/gantry/compiled', import.meta.url));

/** What a replica is started with. */
export interface ReplicaOptions {
  /** Of the service: its folder in apps. */
  readonly service: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** One process of a service, which can be killed, frozen and started again. */
export class Replica {
  #process: SpawnedService | undefined;
  #isStarting = false;
  #former = '';

  private constructor(readonly options: ReplicaOptions) {}

  /** Starts one on a free port. */
  static async start(options: Omit<ReplicaOptions, 'port'>): Promise<Replica> {
    const replica = new Replica({ ...options, port: await freePort() });
    await replica.start();
    return replica;
  }

  get service(): string {
    return this.options.service;
  }

  get port(): number {
    return this.options.port;
  }

  get isRunning(): boolean {
    return this.#process !== undefined && !this.#isStarting;
  }

  /** What it has logged, before it was killed too. */
  get log(): string {
    return this.#former + (this.#process?.stderr ?? '');
  }

  /** Resolves when it takes calls. */
  async start(): Promise<void> {
    const { service, port, env } = this.options;
    this.#isStarting = true;
    try {
      const program = fileURLToPath(new URL(`../../../../apps/${service}/dist/main.js`, import.meta.url));
      this.#process = await spawnService(process.execPath, [program], {
        // Services run as they are deployed: compiled, without what this process was started with.
        env: { ...env, NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: COMPILED, MCP_PORT: String(port) },
        ready: `http://127.0.0.1:${port}/health/ready`,
        readyWithinMs: START_MS,
      });
    } finally {
      this.#isStarting = false;
    }
  }

  /** Ends it at once, as a machine does that loses its power. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#former = this.log;
    this.#process = undefined;
    await running?.kill();
  }

  /** Freezes it: its connections stay open and nothing answers, until {@link Replica.thaw}. */
  freeze(): void {
    if (this.#process) process.kill(this.#process.pid, 'SIGSTOP');
  }

  thaw(): void {
    if (this.#process) process.kill(this.#process.pid, 'SIGCONT');
  }
}

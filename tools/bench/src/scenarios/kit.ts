import { freePort, type TestDatabase } from '@gantry/testing';
import type { Bundles } from '../lab/build.ts';
import { WORK } from '../lab/folders.ts';
import type { Lab } from '../lab/lab.ts';
import { peer, ServerProcess } from '../servers/process.ts';

/** A server and where it takes calls. */
export interface Running {
  readonly server: ServerProcess;
  readonly url: string;
}

/** How a service differs from a usual one. */
export interface ServiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** May run on any processor. */
  readonly anywhere?: boolean;
}

/** What the signature of cursors needs. */
const RECORDS_ENV = { MCP_CURSOR_KEYS: 'a key for measurements that is long enough' };

/** Starts the servers that are measured. */
export class Kit {
  #trivialDatabase: Promise<TestDatabase> | undefined;
  #recordsDatabase: Promise<TestDatabase> | undefined;

  constructor(
    readonly lab: Lab,
    private readonly bundles: Bundles,
  ) {}

  /** Starts a server of peers/. */
  async peer(file: string, env: Record<string, string> = {}): Promise<Running> {
    const port = await freePort();
    const server = await ServerProcess.start({
      program: [peer(file)],
      env: { PORT: String(port), ...env },
      ready: `http://127.0.0.1:${port}/`,
      logFile: `${WORK}/logs/${file}.log`,
    });
    return { server, url: `http://127.0.0.1:${port}/mcp` };
  }

  /** Starts Gantry with trivial tools and everything on. Its audit trail goes to a database. */
  async trivial(options: ServiceOptions = {}): Promise<Running> {
    return this.#service('gantry', this.bundles.gantry, await this.trivialDatabase(), options);
  }

  /** Starts the records service. */
  async records({ env, ...options }: ServiceOptions = {}): Promise<Running> {
    const database = await this.recordsDatabase();
    return this.#service('records', this.bundles.records, database, {
      ...options,
      env: { ...RECORDS_ENV, ...env },
    });
  }

  trivialDatabase(): Promise<TestDatabase> {
    return (this.#trivialDatabase ??= this.lab.database(this.bundles.gantry));
  }

  recordsDatabase(): Promise<TestDatabase> {
    return (this.#recordsDatabase ??= this.lab.database(this.bundles.records));
  }

  async #service(
    name: string,
    main: string,
    database: TestDatabase,
    { env, anywhere }: ServiceOptions,
  ): Promise<Running> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/mcp`;
    const server = await ServerProcess.start({
      // As deploy/containers/Containerfile starts it.
      program: ['--max-semi-space-size=8', main],
      env: {
        MALLOC_ARENA_MAX: '1',
        MALLOC_TRIM_THRESHOLD_: '1048576',
        ...this.lab.serviceEnv(database, url),
        MCP_PORT: String(port),
        // An image brings the bytecode along; here the first start of all leaves it.
        NODE_COMPILE_CACHE: `${WORK}/compiled`,
        ...env,
      },
      ready: `http://127.0.0.1:${port}/health/ready`,
      logFile: `${WORK}/logs/${name}-${port}.log`,
      ...(anywhere && { role: 'anywhere' }),
    });
    return { server, url };
  }
}

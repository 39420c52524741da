import {
  createTestDatabase,
  freePort,
  spawnService,
  type SpawnedService,
  type TestDatabase,
} from '@gantry/testing';
import { fileURLToPath } from 'node:url';
import { send, type ToolReply } from './raw-call.ts';

/** How long a process may take to compile its sources and start, while others do the same. */
const START_MS = 60_000;

/** A service of the repository in a process of its own, which a test can stop, kill and start again. */
export class Neighbour {
  #process: SpawnedService | undefined;

  private constructor(
    private readonly name: string,
    private readonly port: number,
    private readonly database: TestDatabase,
    private readonly env: Record<string, string>,
    private readonly ownsDatabase: boolean,
  ) {}

  /**
   * Starts a service.
   *
   * @param name - of its folder in apps
   * @param database - shared with another replica; without it, it gets its own
   */
  static async start(name: string, env: Record<string, string>, database?: TestDatabase): Promise<Neighbour> {
    const port = await freePort();
    const neighbour = new Neighbour(
      name,
      port,
      database ?? (await createTestDatabase()),
      env,
      database === undefined,
    );
    // Here alone, as a deployment does it: it may be stopped and started again.
    await neighbour.start({ MCP_MIGRATE_ON_START: 'true' }).catch(async (error: unknown) => {
      await neighbour.close();
      throw error;
    });
    return neighbour;
  }

  /** Its MCP endpoint, and the audience of tokens for it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  /** All that it has logged since it was started last. */
  get log(): string {
    return this.#process?.stderr ?? '';
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    const main = fileURLToPath(new URL(`../../${this.name}/src/main.ts`, import.meta.url));
    this.#process = await spawnService(process.execPath, ['--import', '@gantry/testing/typescript', main], {
      env: {
        NODE_OPTIONS: undefined,
        MCP_DATABASE_URL: this.database.serviceUrl,
        MCP_MIGRATION_DATABASE_URL: this.database.ownerUrl,
        MCP_AUTH_AUDIENCE: this.url,
        MCP_LOG_LEVEL: 'warn',
        MCP_RATE_LIMITS: 'off',
        ...this.env,
        ...env,
        MCP_PORT: String(this.port),
      },
      ready: new URL('/health/ready', this.url).href,
      readyWithinMs: START_MS,
    });
  }

  call(name: string, args: Record<string, unknown>, token: string): Promise<ToolReply> {
    return send(this.url, token, { name, args });
  }

  /** Asks it to stop, and waits. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** Ends it at once, as a machine that loses its power does. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async close(): Promise<void> {
    await this.kill();
    if (this.ownsDatabase) await this.database.drop();
  }
}

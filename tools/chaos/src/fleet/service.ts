import { createTestDatabase, startTcpProxy, type TcpProxy, type TestDatabase } from '@gantry/testing';
import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Balancer } from './balancer.ts';
import { Replica } from './replica.ts';

const REPLICAS = 2;

/** Replicas of a service that share a database, behind one address. */
export class Service {
  private constructor(
    readonly name: string,
    readonly replicas: readonly Replica[],
    /** Between the replicas and their database. */
    readonly databaseLink: TcpProxy,
    private readonly balancer: Balancer,
    private readonly database: TestDatabase,
  ) {}

  /**
   * Starts a service.
   *
   * @param name - of its folder in apps
   * @param env - settings of its own; those that every service has are added
   */
  static async start(name: string, env: Record<string, string>): Promise<Service> {
    const database = await createTestDatabase();
    const databaseLink = await startTcpProxy(database.serviceUrl);
    const settings = {
      MCP_DATABASE_URL: databaseLink.through(database.serviceUrl),
      // Clients here call more often than any agent may.
      MCP_RATE_LIMITS: 'off',
      MCP_LOG_LEVEL: 'error',
      // A page that one replica began goes on at another.
      MCP_CURSOR_KEYS: randomBytes(32).toString('hex'),
      ...env,
    };
    // A token names the address that clients know, which is not that of a replica; so ports come first.
    const ports: number[] = [];
    const balancer = await Balancer.start(ports);
    migrate(
      name,
      { ...settings, MCP_AUTH_AUDIENCE: balancer.url, MCP_DATABASE_URL: database.serviceUrl },
      database,
    );
    const replicas = await Promise.all(
      Array.from({ length: REPLICAS }, () =>
        Replica.start({ service: name, env: { ...settings, MCP_AUTH_AUDIENCE: balancer.url } }),
      ),
    );
    ports.push(...replicas.map(({ port }) => port));
    return new Service(name, replicas, databaseLink, balancer, database);
  }

  /** Its MCP endpoint, and the audience of tokens for it. */
  get url(): string {
    return this.balancer.url;
  }

  /** One of those that run. */
  anyReplica(): Replica {
    const running = this.replicas.filter(({ isRunning }) => isRunning);
    return running[randomInt(running.length)]!;
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.kill()));
    await this.balancer.close();
    await this.databaseLink.close();
    await this.database.drop();
  }
}

/** As a deployment does it: once, by the owner, before any replica starts. */
function migrate(name: string, env: Record<string, string>, { ownerUrl }: TestDatabase): void {
  const program = fileURLToPath(new URL(`../../../../apps/${name}/dist/main.js`, import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [program, 'migrate'], {
    env: { ...process.env, NODE_OPTIONS: undefined, ...env, MCP_MIGRATION_DATABASE_URL: ownerUrl },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The database of ${name} could not be migrated.\n${stderr}`);
}

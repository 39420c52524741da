import { createTestDatabase, freePort, startIssuer, waitFor } from '@gantry/testing';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { docker, inspect } from './docker.ts';
import type { TestedService } from './services.ts';

/** As tight as Kubernetes' `restricted` profile. The issuer and the database listen on this machine's loopback. */
const CONFINED = [
  ['--network=host', '--read-only', '--tmpfs=/tmp', '--user=65532'],
  ['--cap-drop=ALL', '--security-opt=no-new-privileges'],
].flat();

/** An image that runs, with its database migrated by itself. */
export interface RunningImage {
  readonly id: string;
  readonly url: string;
  /** What `migrate` wrote. */
  readonly migrated: string;
  /** From the start of the process to the first answer that it is ready. */
  readonly readyAfterMs: number;
  token(): Promise<string>;
  logs(): string;
  /** Kills the process and starts the container again. Resolves with what {@link readyAfterMs} is for that start. */
  restart(): Promise<number>;
  /** As `docker stop` does it. Resolves with the exit code. */
  stop(): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Migrates with an image, then runs it until it is ready. */
export async function runImage(
  image: string,
  { name, settings, scopes }: TestedService,
): Promise<RunningImage> {
  const database = await createTestDatabase();
  const issuer = await startIssuer();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const environment = variables({
    MCP_PORT: String(port),
    MCP_AUTH_ISSUER: issuer.url,
    MCP_AUTH_AUDIENCE: url,
    MCP_DATABASE_URL: database.serviceUrl,
    MCP_CURSOR_KEYS: randomBytes(32).toString('hex'),
    MCP_REQUEST_STATE_KEYS: randomBytes(32).toString('hex'),
    ...settings,
  });
  const closers = [() => issuer.close(), () => database.drop()];
  const dispose = async () => {
    for (const close of closers.splice(0)) await close();
  };
  try {
    const owner = variables({ MCP_MIGRATION_DATABASE_URL: database.ownerUrl });
    const migrated = migrate([...environment, ...owner, image]);
    const id = docker('run', '--detach', '--health-interval=1s', ...CONFINED, ...environment, image);
    closers.unshift(async () => void docker('rm', '--force', id));
    const ready = async () => {
      await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok, 30_000).catch(
        (cause: unknown) => {
          throw new Error(`${name} was not ready:\n${logsOf(id)}`, { cause });
        },
      );
      return Date.now() - Date.parse(inspect(id, '.State.StartedAt'));
    };
    return {
      id,
      url,
      migrated,
      readyAfterMs: await ready(),
      token: () => issuer.token({ audience: url, scopes, tenant: 'acme' }),
      logs: () => logsOf(id),
      restart: () => {
        docker('kill', id);
        docker('start', id);
        return ready();
      },
      stop: async () => {
        docker('stop', '--time=20', id);
        return inspect<number>(id, '.State.ExitCode');
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function migrate(image: readonly string[]): string {
  const id = docker('run', '--detach', ...CONFINED, ...image, 'migrate');
  const code = docker('wait', id);
  const log = logsOf(id);
  docker('rm', id);
  if (code !== '0') throw new Error(`The migration failed:\n${log}`);
  return log;
}

function variables(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `--env=${name}=${value}`);
}

/** Services write their log to stderr, which Docker keeps apart. */
function logsOf(id: string): string {
  return spawnSync('docker', ['logs', id], { encoding: 'utf8' }).stderr;
}

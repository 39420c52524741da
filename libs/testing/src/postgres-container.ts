import { randomBytes } from 'node:crypto';
import { freePort } from '@gantry/dev-postgres';
import postgres from 'postgres';
import { waitFor } from './wait-for.ts';

const DEFAULT_IMAGE = 'postgres:18';
const PORT = 5432;
const START_TIMEOUT_MS = 120_000;

/** A Postgres server in a container. */
export interface PostgresContainer {
  /** Superuser URL. */
  readonly url: string;
  readonly image: string;
  /** Kills the server and starts it again, at the same URL. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Tells whether a container engine answers. */
export async function dockerAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

/**
 * Starts the image that GANTRY_POSTGRES_IMAGE names. Any image will do whose entry point honours
 * POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB.
 */
export async function startPostgresContainer(env: NodeJS.ProcessEnv): Promise<PostgresContainer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const image = env['GANTRY_POSTGRES_IMAGE'] || DEFAULT_IMAGE;
  const password = randomBytes(24).toString('base64url');
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' })
    // One that Docker chose would be another one after a restart.
    .withExposedPorts({ container: PORT, host: await freePort() })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_TIMEOUT_MS)
    .start();
  const url = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(PORT)}/postgres`;
  // A port that listens is not yet a server that answers, and what an image logs when it is ready
  // differs from image to image.
  const isReady = () => waitFor(() => answersQueries(url), START_TIMEOUT_MS);
  const restart = async () => {
    await container.restart();
    await isReady();
  };
  const stop = async () => void (await container.stop());
  try {
    await isReady();
    await waitForNoDisk(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, image, restart, stop };
}

async function answersQueries(url: string): Promise<boolean> {
  await query(url, ['select 1']);
  return true;
}

/**
 * Tests wait for no disk. A commit is still handed to the operating system before it is acknowledged, so that a
 * server that is killed loses nothing.
 */
async function waitForNoDisk(url: string): Promise<void> {
  await query(url, [
    'alter system set fsync = off',
    'alter system set full_page_writes = off',
    'select pg_reload_conf()',
  ]);
}

async function query(url: string, statements: readonly string[]): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

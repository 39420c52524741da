import { randomBytes } from 'node:crypto';
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
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_TIMEOUT_MS)
    .start();
  const url = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(PORT)}/postgres`;
  const stop = async () => void (await container.stop());
  try {
    // A port that listens is not yet a server that answers, and what an image logs when it is ready
    // differs from image to image.
    await waitFor(() => answersQueries(url), START_TIMEOUT_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, image, stop };
}

async function answersQueries(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await sql`select 1`;
    return true;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

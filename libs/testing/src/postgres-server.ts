import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevPostgres } from '@gantry/dev-postgres';
import { dockerAnswers, startPostgresContainer } from './postgres-container.ts';
import { chooseEngine, type EngineChoice } from './postgres-engine.ts';

/** A Postgres server for tests. */
export interface TestPostgres {
  /** Superuser URL. */
  readonly url: string;
  /** One line that says which engine runs and why. */
  readonly description: string;
  /** Breaks all connections and starts it again: same URL, same databases. Not of a server that was given. */
  readonly restart?: () => Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts, or finds, the Postgres server that tests run against. Most tests need only
 * `createTestDatabase`; the server is started once by the jest global setup.
 */
export async function startTestPostgres(env: NodeJS.ProcessEnv = process.env): Promise<TestPostgres> {
  const choice = await chooseEngine(env, dockerAnswers);
  switch (choice.engine) {
    case 'given':
      return {
        url: env['GANTRY_TEST_POSTGRES_URL']!,
        description: `Postgres: the given server (${choice.reason})`,
        stop: async () => {},
      };
    case 'container':
      return startContainerOr(choice, env);
    case 'embedded':
      return startEmbedded(choice.reason);
  }
}

async function startContainerOr(choice: EngineChoice, env: NodeJS.ProcessEnv): Promise<TestPostgres> {
  try {
    const { image, ...server } = await startPostgresContainer(env);
    return { ...server, description: `Postgres: container ${image} (${choice.reason})` };
  } catch (error) {
    if (choice.mandatory) throw error;
    return startEmbedded(`the container did not start: ${(error as Error).message.split('\n')[0]}`);
  }
}

async function startEmbedded(reason: string): Promise<TestPostgres> {
  const server = await startDevPostgres({
    directory: await mkdtemp(join(tmpdir(), 'gantry-postgres-')),
    durable: false,
    temporary: true,
  });
  return { ...server, description: `Postgres: embedded server (${reason})` };
}

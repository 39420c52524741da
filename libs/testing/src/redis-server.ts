import { once } from 'node:events';
import { connect } from 'node:net';
import { dockerAnswers } from './postgres-container.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { waitFor } from './wait-for.ts';

const DEFAULT_IMAGE = 'redis:8';
const PORT = 6379;
const START_TIMEOUT_MS = 120_000;

/** A Redis server for tests, behind a proxy that can fail for it. Its URL stays the same through outages. */
export interface TestRedis {
  readonly url: string;
  /** The same server without the proxy: outages do not reach it there. */
  readonly directUrl: string;
  /** One line that says which server it is. */
  readonly description: string;
  /** Breaks all connections and every new one: the server is gone, until {@link TestRedis.start}. */
  stop(): void;
  /** Lets nothing through without breaking connections: the server hangs, until {@link TestRedis.start}. */
  pause(): void;
  /** Ends a stop or a pause. What the server knew, it still knows. */
  start(): void;
  /** Connections open at this moment. */
  readonly connections: number;
  /** Stops the container for good; to be called when the tests are over. */
  close(): Promise<void>;
}

/**
 * Starts a Redis server of its own in a container of the image GANTRY_REDIS_IMAGE, or takes the one that
 * GANTRY_TEST_REDIS_URL names: keys should then be random, for it may have been used before.
 *
 * There is no Redis without either. This then says so aloud, with the reason, and returns `undefined`, so that the
 * tests that need one are skipped; with GANTRY_REQUIRE_CONTAINERS=1 it throws instead.
 *
 * @example
 * ```ts
 * const redis = await startTestRedis();
 * afterAll(() => redis?.close());
 *
 * (redis ? describe : describe.skip)('with Redis', () => {
 *   it('works', () => use(redis!.url)); // inside the test: the body of a skipped block runs all the same
 * });
 * ```
 */
export async function startTestRedis(env: NodeJS.ProcessEnv = process.env): Promise<TestRedis | undefined> {
  const given = env['GANTRY_TEST_REDIS_URL'];
  if (given) return behindProxy(given, 'the given server', async () => {});
  const image = env['GANTRY_REDIS_IMAGE'] || DEFAULT_IMAGE;
  try {
    if (!(await dockerAnswers())) throw new Error('no Docker answers');
    const { url, stop } = await startContainer(image);
    return await behindProxy(url, `container ${image}`, stop);
  } catch (error) {
    if (env['GANTRY_REQUIRE_CONTAINERS'] === '1') throw error;
    const reason = (error as Error).message.split('\n')[0];
    process.stderr.write(
      `SKIPPED: tests that need Redis, because there is none (${reason}). ` +
        'Start Docker, or name a server in GANTRY_TEST_REDIS_URL.\n',
    );
    return undefined;
  }
}

async function behindProxy(url: string, engine: string, stopServer: () => Promise<void>): Promise<TestRedis> {
  const proxy = await startTcpProxy(url);
  return {
    url: proxy.through(url),
    directUrl: url,
    description: `Redis: ${engine}`,
    stop: () => proxy.cut(),
    pause: () => proxy.pause(),
    start: () => proxy.resume(),
    get connections() {
      return proxy.connections;
    },
    async close() {
      await proxy.close();
      await stopServer();
    },
  };
}

async function startContainer(image: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_TIMEOUT_MS)
    .start();
  const host = container.getHost();
  const port = container.getMappedPort(PORT);
  const stop = async () => void (await container.stop());
  try {
    await waitFor(() => answersPing(host, port), START_TIMEOUT_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `redis://${host}:${port}`, stop };
}

/** A port that listens may be Docker's, with no server behind it yet. */
async function answersPing(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(1_000) })) as [Buffer];
    return answer.toString().startsWith('+PONG');
  } finally {
    socket.destroy();
  }
}

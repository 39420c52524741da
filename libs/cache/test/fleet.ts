import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase, type TestRedis } from '@gantry/testing';
import { migrateAll, startReplica, type Replica } from './replica.ts';

/** Two replicas of a service of its own: one database, one Redis, names of keys that no other fleet has. */
export interface Fleet {
  readonly a: Replica;
  readonly b: Replica;
  readonly database: TestDatabase;
  /** Keys in Redis, without the prefix of the service. */
  keys(pattern: string, through?: Replica): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startFleet(redis: TestRedis, env: Record<string, string> = {}): Promise<Fleet> {
  const database = await createTestDatabase();
  await migrateAll(database.ownerUrl);
  const service = `notes-${randomUUID()}`;
  const start = () => startReplica(database.serviceUrl, { MCP_REDIS_URL: redis.url, ...env }, service);
  const [a, b] = await Promise.all([start(), start()]);
  return {
    a,
    b,
    database,
    async keys(pattern, through = a) {
      const found = await through.redis.client!.keys(`${service}:${pattern}`);
      return found.map((key) => key.slice(service.length + 1));
    },
    async stop() {
      redis.start();
      await Promise.all([a.stop(), b.stop()]);
      await database.drop();
    },
  };
}

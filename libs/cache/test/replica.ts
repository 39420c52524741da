import { Metrics, ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import { Database, migrate, PostgresModule } from '@gantry/postgres';
import { Redis } from '@gantry/redis';
import { metricValue, startContainer } from '@gantry/testing';
import { Cache, CacheModule } from '../src/index.ts';

const migrations = [{ name: 'notes', directory: new URL('./migrations/', import.meta.url) }];

/** Makes the table. */
export async function migrateAll(ownerUrl: string): Promise<void> {
  await migrate({ url: ownerUrl, sources: migrations });
}

/** One process of a service that caches notes: its own container, pool and connection to Redis. */
export interface Replica {
  readonly cache: Cache;
  readonly database: Database;
  readonly redis: Redis;
  /** Notes that were read from the database. */
  readonly loads: number;
  /** What a call that reads the note answers. `duringLoad` runs once the old row has been read. */
  note(id: string, options?: NoteOptions): Promise<string>;
  /** The SQL of a write and its invalidation, in the current unit of work. */
  change(id: string, body: string, tenant?: string): Promise<void>;
  /** A call that changes the note. */
  write(id: string, body: string, tenant?: string): Promise<void>;
  /** Everything this replica has sent to Redis has arrived. */
  settled(): Promise<unknown>;
  /** How often each result was counted since it was last asked. */
  results(): Promise<Record<string, number>>;
  metric(name: string, labels?: Record<string, string>): Promise<number | undefined>;
  stop(): Promise<void>;
}

export interface NoteOptions {
  readonly tenant?: string;
  readonly ttlMs?: number;
  readonly signal?: AbortSignal;
  readonly duringLoad?: () => Promise<unknown>;
}

export async function startReplica(
  databaseUrl: string,
  env: Record<string, string> = {},
  service = 'notes',
): Promise<Replica> {
  const info = new ServiceInfo(service, '1.2.0');
  const { app, stop } = await startContainer(
    {
      imports: [
        ServiceInfoModule.with(info),
        ObservabilityModule,
        PostgresModule.forRoot({ migrations }),
        CacheModule,
      ],
    },
    {
      MCP_DATABASE_URL: databaseUrl,
      MCP_LOG_LEVEL: 'silent',
      MCP_REDIS_COMMAND_TIMEOUT_MS: '2000', // for machines that are busy
      ...env,
    },
  );
  const [cache, database, redis] = [app.get(Cache), app.get(Database), app.get(Redis)];
  let loads = 0;
  let counted: Record<string, number> = {};

  async function load(id: string, duringLoad: NoteOptions['duringLoad']): Promise<string> {
    loads++;
    const [row] = await database.sql<{ body: string }[]>`select body from notes where id = ${id}`;
    await duringLoad?.();
    return row?.body ?? '';
  }

  async function change(id: string, body: string, tenant = 'acme'): Promise<void> {
    await database.sql`
      insert into notes (tenant_id, id, body) values (${tenant}, ${id}, ${body})
      on conflict (tenant_id, id) do update set body = excluded.body`;
    await cache.invalidate(tenant, [`note:${id}`]);
  }

  const metric: Replica['metric'] = (name, labels) => metricValue(app.get(Metrics).registry, name, labels);

  return {
    cache,
    database,
    redis,
    get loads() {
      return loads;
    },
    note(id, { tenant = 'acme', ttlMs = 60_000, signal, duringLoad } = {}) {
      const entry = { tenant, key: `note:${id}`, tags: ['notes', `note:${id}`], ttlMs };
      return database.read({ tenant, ...(signal && { signal }) }, () =>
        cache.read(entry, () => load(id, duringLoad)),
      );
    },
    change,
    write: (id, body, tenant = 'acme') => database.write({ tenant }, () => change(id, body, tenant)),
    settled: () => redis.client!.ping(),
    async results() {
      const now: Record<string, number> = {};
      const since: Record<string, number> = {};
      for (const result of ['hit', 'miss', 'bypass', 'unavailable']) {
        now[result] = (await metric('mcp_cache_requests_total', { result })) ?? 0;
        const more = now[result] - (counted[result] ?? 0);
        if (more > 0) since[result] = more;
      }
      counted = now;
      return since;
    },
    metric,
    stop,
  };
}

/** A promise and what resolves it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

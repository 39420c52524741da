import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import {
  composePipeline,
  success,
  type Effect,
  type Outcome,
  type RunningCall,
  type StageSlot,
  type Ticket,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Database, migrate, PostgresModule, SavepointStage, UnitOfWorkStage } from '@gantry/postgres';
import { startContainer, testCall, testTool } from '@gantry/testing';
import {
  ExpiredKeys,
  IdempotencyModule,
  idempotencyMigrations,
  IdempotencyStage,
  SingleUseStage,
} from '../src/index.ts';

const migrations = [
  idempotencyMigrations,
  { name: 'things', directory: new URL('./migrations/', import.meta.url) },
];

/** Makes the tables. */
export async function migrateAll(ownerUrl: string): Promise<void> {
  await migrate({ url: ownerUrl, sources: migrations });
}

/** What a test says of a call; the rest is the same for all. */
export interface TestCall {
  readonly input?: Record<string, unknown>;
  readonly key?: string;
  readonly tenant?: string;
  readonly subject?: string;
  readonly client?: string;
  readonly signal?: AbortSignal;
  /** Answers of a person that come with the call. */
  readonly ticket?: Ticket;
  /** Milliseconds from now. */
  readonly deadlineMs?: number;
}

/** How a call ended, without the class of the error, so that it can be compared and sent between processes. */
export interface Answer {
  readonly output?: Record<string, unknown>;
  readonly error?: { code: string; error_id: string; retryable: boolean; retry_after_seconds?: number };
  readonly replay: boolean;
}

export type Handler = (input: Record<string, unknown>, call: RunningCall) => Promise<Record<string, unknown>>;

/** One process of a service: its own container, pool and stages. */
export interface Replica {
  readonly database: Database;
  readonly expiredKeys: ExpiredKeys;
  /** A tool in the pipeline of production, as far as transactions go. */
  tool(effect: Effect, handler: Handler, name?: string): (call: TestCall) => Promise<Answer>;
  /** In a unit of work. */
  write<T>(work: () => Promise<T>, tenant?: string): Promise<T>;
  /** Adds a thing to the tenant of the current unit of work. */
  addThing(name: string, tenant?: string): Promise<void>;
  /** The things of a tenant as others see them. */
  things(tenant?: string): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startReplica(databaseUrl: string, env: Record<string, string> = {}): Promise<Replica> {
  const info = new ServiceInfo('test', '0.0.0');
  const { app, stop } = await startContainer(
    {
      imports: [
        ServiceInfoModule.with(info),
        ObservabilityModule,
        PostgresModule.forRoot({ migrations }),
        IdempotencyModule,
      ],
    },
    { MCP_DATABASE_URL: databaseUrl, MCP_LOG_LEVEL: 'silent', ...env },
  );
  const database = app.get(Database);
  const stages = new Map<StageSlot, ToolStage>([
    ['unit-of-work', app.get(UnitOfWorkStage)],
    ['idempotency', app.get(IdempotencyStage)],
    ['single-use', app.get(SingleUseStage)],
    ['savepoint', app.get(SavepointStage)],
  ]);

  return {
    database,
    expiredKeys: app.get(ExpiredKeys),
    tool(effect, handler, name = `${effect}_thing`) {
      const contract = testTool({ name, effect });
      const run = composePipeline(contract, stages, async (call) => success(await handler(call.input, call)));
      return async (test) => {
        const call = runningCall(contract, test);
        return answerOf(await run(call), call);
      };
    },
    write: (work, tenant = 'acme') => database.write({ tenant }, work),
    async addThing(name, tenant = 'acme') {
      await database.sql`insert into things (tenant_id, name) values (${tenant}, ${name})`;
    },
    things: (tenant = 'acme') =>
      database.read({ tenant }, async () => {
        const rows = await database.sql<{ name: string }[]>`select name from things order by name`;
        return rows.map((row) => row.name);
      }),
    stop,
  };
}

function runningCall(tool: ToolContract, test: TestCall): RunningCall {
  const { input = {}, key, tenant = 'acme', subject = 'alice', client = 'agent', deadlineMs } = test;
  return testCall({
    tool,
    principal: { tenant, subject, client },
    arguments: { ...input, idempotency_key: key },
    input,
    idempotencyKey: key,
    ...(test.signal && { signal: test.signal }),
    ...(deadlineMs !== undefined && { deadline: performance.now() + deadlineMs }),
    ...(test.ticket && { ticket: test.ticket }),
  });
}

function answerOf(outcome: Outcome, call: RunningCall): Answer {
  const replay = call.resultMeta['idempotent_replay'] === true;
  return outcome.ok ? { output: outcome.output, replay } : { error: outcome.error.toEnvelope(), replay };
}

import { AuthorizeStage } from '@gantry/auth';
import {
  Metrics,
  ObservabilityModule,
  ServiceInfo,
  ServiceInfoModule,
  TraceStage,
} from '@gantry/observability';
import {
  composePipeline,
  success,
  type Effect,
  type RunningCall,
  type StageSlot,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Database, migrate, PostgresModule, SavepointStage, UnitOfWorkStage } from '@gantry/postgres';
import { startContainer, testCall, testTool } from '@gantry/testing';
import { auditMigrations, AuditModule, AuditOutcomeStage, AuditStage } from '../src/index.ts';
import { standIns } from './stages.ts';

const migrations = [
  auditMigrations,
  { name: 'things', directory: new URL('./migrations/', import.meta.url) },
];

/** Makes the tables. */
export async function migrateAll(ownerUrl: string): Promise<void> {
  await migrate({ url: ownerUrl, sources: migrations });
}

/** What a test says of a call; the rest is the same for all. */
export interface TestCall {
  readonly args?: Record<string, unknown>;
  readonly tenant?: string;
  readonly scopes?: readonly string[];
  readonly traceparent?: string;
}

/** How a call ended: `ok` or the code of its error. */
export interface Answer {
  readonly requestId: string;
  readonly outcome: string;
  readonly errorId: string | null;
}

/** A row as it is stored, hashes in hexadecimal. */
export type Row = Record<string, unknown> & { request_id: string; outcome: string };

export type Handler = (input: Record<string, unknown>, call: RunningCall) => Promise<Record<string, unknown>>;

/** One process of a service: its own container, pool and stages. */
export interface Replica {
  readonly database: Database;
  /** Request ids of all calls that were answered. */
  readonly answered: string[];
  /** A tool in the pipeline of production, as far as entries go. Its scope is `things:use`. */
  tool(effect: Effect, handler: Handler, deadlineMs?: number): (call?: TestCall) => Promise<Answer>;
  /** Adds a thing in the current unit of work. */
  addThing(name: string, tenant?: string): Promise<void>;
  things(tenant?: string): Promise<string[]>;
  /** Entries of a tenant as the tenant sees them, in the order of their ids. */
  rows(tenant?: string): Promise<Row[]>;
  /** Entries of one call. */
  rowsOf(answer: Answer): Promise<Row[]>;
  metric(line: string): Promise<number>;
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
        AuditModule,
      ],
    },
    { MCP_DATABASE_URL: databaseUrl, MCP_LOG_LEVEL: 'silent', MCP_AUDIT_FLUSH_MS: '20', ...env },
  );
  const database = app.get(Database);
  const answered: string[] = [];
  const stages = new Map<StageSlot, ToolStage>([
    ...standIns(),
    ['trace', app.get(TraceStage)],
    ['audit-outcome', app.get(AuditOutcomeStage)],
    ['authorize', new AuthorizeStage()],
    ['unit-of-work', app.get(UnitOfWorkStage)],
    ['audit', app.get(AuditStage)],
    ['savepoint', app.get(SavepointStage)],
  ]);
  async function rows(tenant = 'acme'): Promise<Row[]> {
    const { sql } = database;
    return sql<Row[]>`
      select *, encode(arguments_hash, 'hex') as arguments_hash, encode(idempotency_key_hash, 'hex') as idempotency_key_hash
      from audit_entries where tenant_id = ${tenant} order by id`;
  }
  return {
    database,
    answered,
    tool(effect, handler, deadlineMs = 5_000) {
      const contract = testTool({
        name: `${effect}_thing`,
        scopes: ['things:use'],
        effect,
        limits: { deadlineMs },
      });
      const run = composePipeline(contract, stages, async (call) => success(await handler(call.input, call)));
      return async (test = {}) => {
        const call = runningCall(contract, test);
        const outcome = await run(call);
        answered.push(call.requestId);
        const error = outcome.ok ? undefined : outcome.error;
        return { requestId: call.requestId, outcome: error?.code ?? 'ok', errorId: error?.errorId ?? null };
      };
    },
    async addThing(name, tenant = 'acme') {
      await database.sql`insert into things (tenant_id, name) values (${tenant}, ${name})`;
    },
    things: (tenant = 'acme') =>
      database.read({ tenant }, async () => {
        const found = await database.sql<{ name: string }[]>`select name from things order by name`;
        return found.map(({ name }) => name);
      }),
    rows: (tenant = 'acme') => database.read({ tenant }, () => rows(tenant)),
    rowsOf: ({ requestId }) =>
      database.read({ tenant: 'acme' }, async () =>
        (await rows()).filter(({ request_id: id }) => id === requestId),
      ),
    async metric(line) {
      const text = await app.get(Metrics).registry.metrics();
      const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
      return Number(found?.split(' ')[1]);
    },
    stop,
  };
}

function runningCall(tool: ToolContract, test: TestCall): RunningCall {
  const { args = {}, tenant = 'acme', scopes = ['things:use'], traceparent } = test;
  return testCall({
    tool,
    principal: { tenant, scopes: new Set(scopes) },
    meta: { traceparent },
    arguments: args,
  });
}

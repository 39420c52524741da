import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectLegacy, connectModern, connectStdio, type McpClient, type ToolAnswer } from '@gantry/testing';
import { DEMO_TENANT } from '../../src/demo-client.ts';
import { ROOT } from '../../src/service-entry.ts';
import { CommandSite, type RunningCommand } from '../stack-command.ts';

const MAIN = ['--conditions=@gantry/source', join(import.meta.dirname, '../../src/main.ts')];

interface Country {
  name: { common: string; official: string };
  cca3: string;
  area: number;
  region: string;
}

/** The 250 countries of the npm package `world-countries`. */
const countries = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('world-countries/countries.json'), 'utf8'),
) as Country[];

let site: CommandSite;
let stack: RunningCommand;

beforeAll(async () => {
  site = await CommandSite.open();
  stack = await site.serve('node', [...MAIN, 'serve']);
});

afterAll(async () => {
  stack.child.kill('SIGINT');
  expect(await stack.exit).toBe(0);
  await site.quiet();
  await site.close();
});

const url = () => `http://127.0.0.1:${site.portBase + 1}/mcp`;

/** The token that `make serve` printed. */
function printedToken(): string {
  return /"Authorization": "Bearer ([^"]+)"/.exec(stack.output())![1]!;
}

/** The same service over stdio, on the same database, as a developer would configure it. */
function stdioClient(): Promise<McpClient> {
  return connectStdio({
    command: process.execPath,
    args: [join(ROOT, 'apps/records/dist/main.js')],
    env: {
      MCP_TRANSPORT: 'stdio',
      MCP_STDIO_TENANT: DEMO_TENANT,
      MCP_STDIO_SCOPES: 'records:admin',
      MCP_DATABASE_URL_FILE: join(site.stateDirectory, 'secrets/records-database-url'),
      MCP_CURSOR_KEYS_FILE: join(site.stateDirectory, 'secrets/records-cursor-keys'),
    },
  });
}

const CLIENTS: [string, string, () => Promise<McpClient>][] = [
  ['the SDK 2.x client', 'world_modern', () => connectModern(url(), printedToken())],
  ['the SDK 1.x client', 'world_legacy', () => connectLegacy(url(), printedToken())],
  ['a stdio client', 'world_stdio', stdioClient],
];

describe.each(CLIENTS)('%s on the running server', (_name, collection, connect) => {
  let client: McpClient;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client.close());

  it('defines a collection', async () => {
    const defined = await call(client, 'define_collection', {
      name: collection,
      json_schema: {
        type: 'object',
        required: ['name', 'cca3', 'area'],
        properties: {
          name: { type: 'object' },
          cca3: { type: 'string', pattern: '^[A-Z]{3}$' },
          area: { type: 'number' },
        },
      },
      indexed_fields: [
        { field: 'cca3', type: 'string' },
        { field: 'area', type: 'number' },
        { field: 'region', type: 'string' },
      ],
    });
    expect(defined).toMatchObject({ outcome: 'created', version: 1 });
  });

  it('loads 250 countries', async () => {
    expect(countries).toHaveLength(250);
    for (const document of countries) {
      const idempotency_key = `${collection}-${document.cca3}`;
      const created = await call(client, 'create_record', { collection, document, idempotency_key });
      ids.set(document.cca3, created['id'] as string);
    }
    expect(new Set(ids.values()).size).toBe(250);
  });

  it('pages through all of them with fields, in the order asked for', async () => {
    const seen: { id: string; data: { cca3: string; area: number } }[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Page = await call(client, 'list_records', {
        collection,
        sort: { field: 'area', direction: 'desc' },
        fields: ['cca3', 'area'],
        limit: 60,
        ...(cursor && { cursor }),
      });
      seen.push(...(page.items as typeof seen));
      expect(page.has_more).toBe(page.next_cursor !== undefined);
      cursor = page.next_cursor ?? null;
      pages++;
    } while (cursor);
    expect(pages).toBe(5);
    expect(new Set(seen.map(({ data }) => data.cca3))).toEqual(new Set(countries.map(({ cca3 }) => cca3)));
    expect(seen.map(({ data }) => data.area)).toEqual(
      countries.map(({ area }) => area).sort((a, b) => b - a),
    );
    expect(Object.keys(seen[0]!.data).sort()).toEqual(['area', 'cca3']);
  });

  it('is told of a stale version, and what to do', async () => {
    const record_id = ids.get('FRA')!;
    const updated = await call(client, 'update_record', {
      record_id,
      patch: { note: 'first' },
      expected_version: 1,
    });
    expect(updated).toMatchObject({ version: 2 });
    const refused = envelopeOf(
      await client.callTool('update_record', { record_id, patch: { note: 'second' }, expected_version: 1 }),
    );
    expect(refused).toMatchObject({
      code: 'version_conflict',
      retryable: false,
      details: { current_version: 2 },
    });
    expect(refused['hint']).toMatch(/version/);
  });

  it('replays a create with its key: one record', async () => {
    const document = countries.find(({ cca3 }) => cca3 === 'JPN')!;
    const again = await client.callTool('create_record', {
      collection,
      document,
      idempotency_key: `${collection}-JPN`,
    });
    expect(again._meta).toMatchObject({ idempotent_replay: true });
    expect(again.structuredContent).toMatchObject({ id: ids.get('JPN') });
    const filter = [{ field: 'cca3', op: 'eq', value: 'JPN' }];
    const found: Page = await call(client, 'list_records', { collection, filter, fields: ['cca3'] });
    expect(found.items).toHaveLength(1);
    const other = { ...document, area: 1 };
    const conflict = await client.callTool('create_record', {
      collection,
      document: other,
      idempotency_key: `${collection}-JPN`,
    });
    expect(envelopeOf(conflict)).toMatchObject({ code: 'idempotency_conflict' });
  });

  it('reads the history', async () => {
    const history: Page = await call(client, 'get_record_history', { record_id: ids.get('FRA')! });
    expect(history.items.map(({ version, change }) => [version, change])).toEqual(
      expect.arrayContaining([
        [1, 'create'],
        [2, 'update'],
      ]),
    );
    expect(history.items).toHaveLength(2);
  });
});

interface Page {
  [key: string]: unknown;
  items: Record<string, unknown>[];
  next_cursor?: string;
  has_more: boolean;
}

/** What a successful call returned. */
async function call<Result = Record<string, unknown>>(
  client: McpClient,
  name: string,
  args: object,
): Promise<Result> {
  const answer = await client.callTool(name, args as Record<string, unknown>);
  if (answer.isError) throw new Error(`${name}: ${answer.content[0]?.text}`);
  return answer.structuredContent as Result;
}

/** The error envelope, which clients of both eras find in the text. */
function envelopeOf(answer: ToolAnswer): Record<string, unknown> {
  expect(answer.isError).toBe(true);
  return JSON.parse(answer.content[0]!.text!) as Record<string, unknown>;
}

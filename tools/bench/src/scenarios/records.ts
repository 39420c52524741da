import { strictEqual } from 'node:assert';
import type { TestDatabase } from '@gantry/testing';
import type { Contender, Entry, Scenario } from './contender.ts';
import type { Kit, Running } from './kit.ts';
import { modernMessage, resultOf } from './mcp-message.ts';

/** Of each collection: what is read has stock, what is written to begins empty. */
const STOCK = 500;
const PAGE = 20;

/** Limits are by principal and minute: of so many nobody reaches one. */
const PRINCIPALS = 250;

const BY_HAND = 'node:http + postgres.js, the same SQL';
const PLAIN = 'the same with sql.begin, as people write it';

/** A document of some 300 bytes. */
function article(number: number | string): object {
  return {
    title: `Article ${number}`,
    summary:
      'A document of a size that is usual: a few properties, most of them short, one with a sentence or two in it.',
    price: 12.5,
    in_stock: true,
    tags: ['garden', 'outdoors', 'summer'],
    supplier: { name: 'Northwind', country: 'NL' },
  };
}

const SCHEMA = {
  type: 'object',
  properties: {
    title: { type: 'string', maxLength: 200 },
    summary: { type: 'string', maxLength: 1_000 },
    price: { type: 'number', minimum: 0 },
    in_stock: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string', maxLength: 50 }, maxItems: 20 },
    supplier: {
      type: 'object',
      properties: { name: { type: 'string' }, country: { type: 'string', maxLength: 2 } },
    },
  },
  required: ['title'],
  additionalProperties: false,
};

/** What is asked of both sides. */
interface Task {
  readonly tool: string;
  arguments(stock: Stock): object[];
  readonly marker: string;
  readonly verify: (output: Record<string, unknown>) => void;
}

interface Stock {
  readonly database: TestDatabase;
  readonly ids: readonly string[];
}

const TASKS: readonly (Task & Pick<Scenario, 'name' | 'title' | 'share'>)[] = [
  {
    name: 'get-record',
    title: 'get_record: one of 500 documents by its id',
    share: 0.4,
    tool: 'get_record',
    arguments: ({ ids }) => ids.map((id) => ({ record_id: id })),
    marker: '"Northwind"',
    verify: ({ collection }) => strictEqual(collection, 'articles'),
  },
  {
    name: 'create-record',
    title: 'create_record with a key, in a collection with a schema',
    share: 0.2,
    tool: 'create_record',
    arguments: () => [
      { collection: 'drafts', document: article('{unique}'), idempotency_key: 'bench-{unique}' },
    ],
    marker: '"Northwind"',
    verify: ({ version }) => strictEqual(version, 1),
  },
  {
    name: 'list-records',
    title: `list_records: a page of ${PAGE} documents`,
    share: 0.2,
    tool: 'list_records',
    arguments: () => [{ collection: 'articles', limit: PAGE }],
    marker: '"has_more":true',
    verify: ({ items }) => strictEqual((items as unknown[]).length, PAGE),
  },
];

/** The records service beside the same SQL by hand. */
export function records(kit: Kit): Scenario[] {
  let stock: Promise<Stock> | undefined;
  const stocked = () => (stock ??= fill(kit));
  return TASKS.map((task) => ({
    name: task.name,
    title: task.title,
    share: task.share,
    entries: [
      byHand(kit, task, stocked, 'by-hand', BY_HAND, {}),
      byHand(kit, task, stocked, 'plain', PLAIN, { PLAIN: '1' }),
      { name: 'gantry', start: async () => service(kit, task, await stocked()) },
    ],
  }));
}

function byHand(
  kit: Kit,
  task: Task,
  stocked: () => Promise<Stock>,
  name: string,
  title: string,
  env: Record<string, string>,
): Entry {
  return {
    name,
    async start() {
      const stock = await stocked();
      const running = await kit.peer('records-by-hand.js', {
        DATABASE_URL: stock.database.serviceUrl,
        ...env,
      });
      return contender(name, title, task, stock, running, []);
    },
  };
}

async function service(kit: Kit, task: Task, stock: Stock): Promise<Contender> {
  const running = await kit.records();
  const tokens = await kit.lab.tokens(running.url, ['records:admin'], PRINCIPALS);
  return contender('gantry', 'Gantry: the records service', task, stock, running, tokens);
}

function contender(
  name: string,
  title: string,
  task: Task,
  stock: Stock,
  { server, url }: Running,
  tokens: readonly string[],
): Contender {
  const messages = task
    .arguments(stock)
    .map((each) => modernMessage({ method: 'tools/call', params: { name: task.tool, arguments: each } }));
  return {
    name,
    title,
    server,
    order: {
      url,
      headers: messages[0]!.headers,
      bodies: messages.map(({ body }) => body),
      tokens,
      marker: task.marker,
    },
    verify: (answer) => task.verify(resultOf(answer)['structuredContent'] as Record<string, unknown>),
  };
}

/** Two collections, one of them with documents, made by the service itself. */
async function fill(kit: Kit): Promise<Stock> {
  const { server, url } = await kit.records();
  const [token] = await kit.lab.tokens(url, ['records:admin'], 1);
  async function call(name: string, args: object): Promise<Record<string, unknown>> {
    const { headers, body } = modernMessage({ method: 'tools/call', params: { name, arguments: args } });
    const authorized = { ...headers, authorization: `Bearer ${token!}` };
    const answer = await fetch(url, { method: 'POST', headers: authorized, body });
    const result = resultOf(await answer.text());
    if (result['isError']) throw new Error(`${name} failed: ${JSON.stringify(result['structuredContent'])}`);
    return result['structuredContent'] as Record<string, unknown>;
  }
  for (const name of ['articles', 'drafts'])
    await call('define_collection', {
      name,
      json_schema: SCHEMA,
      indexed_fields: [{ field: 'title', type: 'string' }],
      idempotency_key: `define-${name}`,
    });
  const ids: string[] = [];
  for (let number = 0; number < STOCK; number++) {
    const key = `stock-${String(number).padStart(6, '0')}`;
    const created = await call('create_record', {
      collection: 'articles',
      document: article(number),
      idempotency_key: key,
    });
    ids.push(String(created['id']));
  }
  await server.stop();
  return { database: await kit.recordsDatabase(), ids };
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, type Sql } from '@gantry/postgres';
import postgres from 'postgres';
import { typeid } from 'typeid-js';
import { countries, countrySchema } from '../../test/countries.ts';
import { startRecords, type RecordsApp } from '../../test/records-app.ts';
import { documentKeys } from '../domain/indexed-field.ts';
import { DOCUMENT_BOUNDS } from '../domain/json-bounds.ts';
import type { JsonObject } from '../domain/json.ts';
import { parseSearchQuery } from '../domain/search-query.ts';
import { CollectionStore } from './collection.store.ts';
import { RecordSearchStore, type SearchPosition } from './record-search.store.ts';
import { RecordStore } from './record.store.ts';

const tenant = 'acme';
const author = { subject: 'ann', client: 'test' };
const { keys } = documentKeys({}, []);

let app: RecordsApp;
let database: Database;
let records: RecordStore;

beforeAll(async () => {
  app = await startRecords();
  ({ database } = app);
  records = app.get(RecordStore);
  for (const scope of [{ tenant }, { tenant: 'other' }]) {
    await database.write(scope, async () => {
      const content = { title: null, description: null, jsonSchema: countrySchema, indexedFields: [] };
      for (const name of ['countries', 'notes', 'many']) await app.get(CollectionStore).insert(name, content);
    });
  }
  await database.write({ tenant }, async () => {
    for (const country of countries) await insert('countries', country);
  });
}, 60_000);
afterAll(() => app.stop());

async function insert(collection: string, data: JsonObject): Promise<string> {
  const id = typeid('rec').toString();
  await records.insert(id, collection, { data, keys, author });
  return id;
}

const write = <T>(work: () => Promise<T>) => database.write({ tenant }, work);
const note = (data: JsonObject) => write(() => insert('notes', data));

/** All in one unit of work, as the tool does. */
async function find(
  collection: string,
  text: string,
  { after = undefined as SearchPosition | undefined, limit = 1_000, from = database, as = tenant } = {},
) {
  const query = parseSearchQuery(text);
  const store = new RecordSearchStore(from);
  return database.read({ tenant: as }, async () => {
    await new RecordSearchStore(database).begin(collection, query);
    return store.find(query, { after, limit });
  });
}

const found = async (...search: Parameters<typeof find>) =>
  (await find(...search)).records.map(({ id }) => id);
const foundNotes = (text: string) => found('notes', text);
const namesOf = async (text: string) =>
  (await find('countries', text)).records.map(({ data }) => (data['name'] as { common: string }).common);

/** As much text of such words as a document can have. */
function largest(word: (n: number) => string): string {
  const words: string[] = [];
  let left = DOCUMENT_BOUNDS.maxBytes - 50;
  for (let n = 0; left > 0; n++) {
    words.push(word(n));
    left -= Buffer.byteLength(word(n));
  }
  return words.join('');
}

describe('RecordSearchStore.find', () => {
  it.each<[string, string[]]>([
    ['reykjavik', ['Iceland']],
    ['REYKJAVIK', ['Iceland']],
    ['"New Zealand" wellington', ['New Zealand']],
    ['"Zealand New"', []], // each value has its own words
    ['yaren or "andorra la vella"', ['Andorra', 'Nauru']],
    ['guinea -papua -equatorial -bissau', ['Guinea']],
    ['551695', ['France']],
    ['Öland', []],
    ['Österreich', ['Austria']],
    ['österreich', ['Austria']],
    ['لبنان', ['Lebanon']],
    ['"🇫🇷"', ['France']],
  ])('finds %s anywhere in the values of documents', async (query, names) => {
    const seen = await namesOf(query);
    expect(seen).toEqual(expect.arrayContaining(names));
    if (names.length === 0) expect(seen).toEqual([]);
    if (names.length === 1 && query !== '"🇫🇷"') expect(seen[0]).toBe(names[0]);
  });

  it('does not find the names of properties, nor parts of words', async () => {
    expect(await namesOf('landlocked')).toEqual([]);
    expect(await namesOf('reykja')).toEqual([]);
  });

  it('finds what is written with punctuation, with it or without', async () => {
    const id = await note({
      file: 'report_final.pdf',
      mail: 'jo@mail.example.org',
      due: '2026-01-31',
      rate: -12.5,
      said: '“Yes” — O’Brien…',
      path: 'C:\\temp\nnext',
    });
    for (const query of [
      'report_final.pdf',
      'pdf',
      'jo@mail.example.org',
      'example',
      '2026-01-31',
      '"2026-01"',
      '12.5',
      "yes o'brien",
      'temp next',
    ])
      expect([query, await foundNotes(query)]).toEqual([query, [id]]);
    expect(await foundNotes('2026-31')).toEqual([]);
  });

  it('has a better match first', async () => {
    const [poor, good] = [
      await note({ text: `walrus ${'and more of other things '.repeat(20)}` }),
      await note({ title: 'walrus', text: 'a walrus is a walrus' }),
    ];
    expect(await foundNotes('walrus')).toEqual([good, poor]);
  });

  it('shows what a unit of work changed, when it does', async () => {
    const id = await note({ text: 'otter' });
    expect(await foundNotes('otter')).toEqual([id]);
    await write(() => records.update(id, { data: { text: 'beaver' }, keys, author }));
    expect([await foundNotes('otter'), await foundNotes('beaver')]).toEqual([[], [id]]);
    await write(() => records.setDeleted(id, true, author));
    expect([await foundNotes('beaver'), await foundNotes('-otter')]).toEqual([
      [],
      expect.not.arrayContaining([id]),
    ]);
    await write(() => records.setDeleted(id, false, author));
    expect(await foundNotes('beaver')).toEqual([id]);
    const undone = write(async () => {
      await records.update(id, { data: { text: 'badger' }, keys, author });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect([await foundNotes('badger'), await foundNotes('beaver')]).toEqual([[], [id]]);
  });

  it('keeps collections and tenants apart', async () => {
    await note({ text: 'pangolin' });
    expect(await found('many', 'pangolin')).toEqual([]);
    expect(await found('notes', 'pangolin', { as: 'other' })).toEqual([]);
  });

  it.each<[string, (n: number) => string]>([
    ['of different words', (n) => `${n.toString(36)} `],
    ['of words that grow in lower case', (n) => `Ⱥ${n.toString(36)}İ `],
    ['of what the parser would puzzle over', () => '~/'],
    ['of compound words', (n) => `${n.toString(36)}-${n}.de/${n} `],
    ['in one word', () => 'x'],
  ])('finds a document as large as can be %s', async (_, word) => {
    const id = await note({ text: `tortoise ${largest(word)}` });
    expect(await foundNotes('tortoise')).toEqual([id]);
    await write(() => records.setDeleted(id, true, author));
  });

  it('finds a document with as many huge numbers and short words as can be', async () => {
    const numbers = Array.from({ length: 12_000 }, (_, n) => Number(`${n}e300`));
    const id = await note({
      text: `turtle ${largest((n) => `${n.toString(36)} `).slice(0, 130_000)}`,
      numbers,
    });
    expect(await foundNotes('turtle')).toEqual([id]);
    await write(() => records.setDeleted(id, true, author));
  });

  it('takes any query', async () => {
    const hostile = [
      "'; drop table records; --",
      "\\' \\\\ ''' \" \"\"",
      'a & b | !c <-> d:* (e',
      ':* :A <2> ((( ',
      '%s $1 ${x} {{y}}',
      '\u202e𝔘𝔫𝔦 ʇxǝʇ 👩‍👩‍👧 \ufeff\u200b e\u0301',
      'or or or',
      '-a -b -"c d"',
      'x '.repeat(250),
      '~'.repeat(500),
      '-'.repeat(499) + 'a',
      'é'.repeat(500),
    ];
    for (const query of hostile)
      expect((await find('notes', query)).records.length).toBeGreaterThanOrEqual(0);
    expect(await database.read({ tenant }, () => app.get(CollectionStore).find('notes'))).toBeDefined();
  });
});

describe('RecordSearchStore.begin', () => {
  it('tells whether there is anything to search', async () => {
    const begin = (collection: string, text: string) =>
      database.read({ tenant }, () => app.get(RecordSearchStore).begin(collection, parseSearchQuery(text)));
    expect(await begin('notes', 'a')).toMatchObject({ collectionExists: true, hasWords: true });
    expect(await begin('nowhere', 'a')).toMatchObject({ collectionExists: false });
    for (const nothing of ['', '  ', '?!', '" "', '-', '“—”'])
      expect(await begin('notes', nothing)).toMatchObject({ hasWords: false });
  });
});

interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

/** The store's own query, explained instead of run: as the service role, so under row-level security. */
async function planOf(collection: string, text: string, after?: SearchPosition): Promise<PlanNode[]> {
  const explaining = {
    get sql() {
      const { sql } = database;
      const tag = (first: TemplateStringsArray, ...rest: never[]) => {
        if (!first[0]?.trim().startsWith('with')) return sql(first, ...rest);
        const strings = [`explain (format json) ${first[0]}`, ...first.slice(1)];
        return sql(Object.assign(strings, { raw: strings }), ...rest);
      };
      return tag as unknown as Sql;
    },
  } as Database;
  let plan: PlanNode | undefined;
  const query = parseSearchQuery(text);
  await database.read({ tenant }, async () => {
    await app.get(RecordSearchStore).begin(collection, query);
    const explained = await new RecordSearchStore(explaining).find(query, { after, limit: 21 });
    plan = (explained.records as unknown as { 'QUERY PLAN': [{ Plan: PlanNode }] }[])[0]!['QUERY PLAN'][0]
      .Plan;
  });
  const flat = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];
  return flat(plan!);
}

describe('the index of words', () => {
  beforeAll(async () => {
    await write(async () => {
      for (let i = 0; i < 5_000; i++)
        await insert('many', { name: `thing ${i % 100}`, text: countries[i % 250]!['capital']! });
    });
  }, 60_000);

  async function expectIndexed(): Promise<void> {
    for (const query of ['oslo', 'thing', '"thing 7" or berlin', '-thing', 'nothing']) {
      const plan = await planOf('many', query, query === 'thing' ? [0.05, 'rec_01'] : undefined);
      const indexes = plan.map((node) => node['Index Name']).filter(Boolean);
      expect(indexes).toEqual(expect.arrayContaining(['record_texts_by_word']));
      expect(indexes).not.toContain('record_texts_pkey');
      expect(plan.map((node) => node['Node Type'])).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/Seq Scan|Gather/)]),
      );
    }
  }

  it('serves every search under row-level security, before and after statistics are there', async () => {
    await expectIndexed();
    const owner = postgres(app.ownerUrl, { max: 1, onnotice: () => {} });
    await owner`analyze`;
    await owner.end();
    await expectIndexed();
  });

  it('ranks no more matches than it may, and goes through them page by page', async () => {
    const seen: string[] = [];
    for (let after: SearchPosition | undefined; ;) {
      const { matches, records: page } = await find('many', 'thing', { after, limit: 300 });
      expect(matches).toBe(2_001);
      seen.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (!last) break;
      after = [last.rank, last.id];
    }
    expect(seen).toHaveLength(2_001);
    expect(new Set(seen).size).toBe(2_001);
  });
});

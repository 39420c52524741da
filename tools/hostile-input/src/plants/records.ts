import { type HonestClient, key, MARKER, type Plants } from './plant.ts';

const RECORDS = 12;

const SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 5_000 },
    size: { type: 'number' },
    at: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'string' } },
  },
};
const INDEXED = [
  { field: 'name', type: 'string' },
  { field: 'size', type: 'number' },
  { field: 'at', type: 'date-time' },
];

/** Collections, records, files that wait for their rest, and exports. */
export async function plantRecords(
  attacker: HonestClient,
  colleague: HonestClient,
  victim: HonestClient,
): Promise<Plants> {
  const own = await collection(attacker, 'mine');
  const theirs = await collection(victim, MARKER);
  const exporting = { collection: 'things', format: 'ndjson' };
  const upload = async (who: HonestClient, name = MARKER) => {
    const part = { ...exporting, content: `{"name":"${name}"}\n`, last: false, idempotency_key: key() };
    return (await who.call('import_records', part)).upload!.upload_id;
  };
  const page = { collection: 'things', limit: 1 };
  const { next_cursor: cursor } = await victim.call('list_records', page);
  return {
    own: {
      collection: ['things', 'things', 'other'],
      name: ['things', 'fuzzed_a', 'fuzzed_b', 'fuzzed_c'],
      record_id: own.map(({ output }) => output['id']),
      operation_id: [await attacker.operate('export_records', exporting)],
      upload_id: [await upload(attacker, 'mine')],
      document: [
        { name: 'a' },
        { name: 'b', size: 3 },
        { name: 'c', at: '2026-01-01T00:00:00Z', tags: ['x'] },
      ],
      patch: [{ name: 'changed' }, { size: null }, { tags: ['y', 'z'] }],
      json_schema: [SCHEMA, { type: 'object' }, { type: 'object', properties: { name: { type: 'string' } } }],
      indexed_fields: [[], INDEXED.slice(0, 1), INDEXED],
      field: ['name', 'size', 'at'],
      fields: [['id'], ['id', 'document'], ['document.name']],
      query: ['mine', 'a OR b', '"exact phrase"', '-not'],
      content: ['{"name":"imported"}\n{"name":"two"}\n', 'name,size\na,1\nb,2\n'],
      after_line: ['0', '1'],
      part: [1, 2],
      purpose: ['notes about customers'],
    },
    foreign: {
      record_id: theirs.map(({ output }) => String(output['id'])),
      operation_id: [await victim.operate('export_records', exporting)],
      upload_id: [await upload(victim)],
      collection: ['vault'],
      name: ['vault'],
    },
    personal: {
      operation_id: [await colleague.operate('export_records', exporting)],
      upload_id: [await upload(colleague)],
    },
    keyed: [
      await victim.keyed('create_record', { collection: 'things', document: { name: 'his' } }),
      await colleague.keyed('create_record', { collection: 'things', document: { name: 'hers' } }),
    ],
    cursors: [{ tool: 'list_records', args: page, cursor: cursor! }],
  };
}

async function collection(client: HonestClient, name: string) {
  // A name that the attacker's tenant has not.
  const names = name === MARKER ? ['things', 'vault'] : ['things', 'other'];
  for (const each of names) {
    const definition = { name: each, title: name, json_schema: SCHEMA, indexed_fields: INDEXED };
    await client.call('define_collection', definition);
  }
  const records = [];
  for (let size = 0; size < RECORDS; size += 1)
    records.push(
      await client.keyed('create_record', {
        collection: names[size % 2],
        document: { name: `${name} ${size}`, size },
      }),
    );
  return records;
}

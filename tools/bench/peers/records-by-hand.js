// What tools of records do, by hand: node:http, postgres.js and their SQL. No protocol, no token, no validation, no
// limits, no log, no metrics, no traces; of the audit trail only what a write has in its own transaction.
//
// The statements are those that the service sends, in as many round trips. They were read off the wire between it and
// Postgres ('|' is a round trip, '+' is what one of them has in it):
//
//   get_record      begin, set local ×2 + select record                          (commit: ahead of the next begin)
//   list_records    begin, set local ×2 + select collection | select page        (commit: ahead of the next begin)
//   create_record   begin, set local ×2 + set_config + insert key + set_config | savepoint + select collection
//                   | insert record | insert audit entry | update key | commit
//
// With PLAIN=1 it is written as people write it: sql.begin, which waits for the answer to each statement.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import postgres from 'postgres';

const POOL = 10;
const TENANT = 'acme';
const BEGIN = { read: 'isolation level repeatable read read only', write: 'read write' };

const transaction = process.env.PLAIN === '1' ? plain : lean;
const connect = (max) => postgres(process.env.DATABASE_URL, { max, fetch_types: false });

// --- The tools.

const tools = {
  get_record: ({ record_id }) =>
    transaction('read', async (tx) => {
      const [found] = await tx`select ${columns(tx)} from records where id = ${record_id}`;
      return view(found);
    }),

  list_records: ({ collection, limit }) =>
    transaction('read', async (tx) => {
      await collectionNamed(tx, collection);
      const rows = await tx`
        select ${columns(tx)}, null as key from records
        where collection = ${collection} and deleted_at is null
        order by id asc
        limit ${limit + 1}`;
      return { items: rows.slice(0, limit).map(view), has_more: rows.length > limit };
    }),

  create_record: ({ collection, document, idempotency_key }) =>
    transaction('write', async (tx) => {
      const key = { tenant: TENANT, principal: 'by hand', tool: 'create_record', key: idempotency_key };
      const request = `req_${randomBytes(13).toString('hex')}`;
      const fingerprint = createHash('sha256').update(JSON.stringify({ collection, document })).digest();
      await claim(tx, key, fingerprint, request);
      const saved = tx.unsafe('savepoint s1').execute();
      await collectionNamed(tx, collection, tx`for key share`);
      await saved;
      const [created] = await insertRecord(tx, collection, document);
      await insertAuditEntry(tx, request, fingerprint);
      const output = view(created);
      await tx`
        update idempotency_keys set answer = ${JSON.stringify({ output })}::text::json
        where tenant_id = ${key.tenant} and principal = ${key.principal} and tool = ${key.tool} and key = ${key.key}`;
      return output;
    }),
};

function columns(tx) {
  return tx`
    id, collection, version, data,
    created_at as "createdAt", updated_at as "updatedAt", deleted_at as "deletedAt"`;
}

async function collectionNamed(tx, name, locked = tx``) {
  const [found] = await tx`
    select name, version, title, description, json_schema as "jsonSchema", indexed_fields as "indexedFields",
      created_at as "createdAt", updated_at as "updatedAt"
    from collections where name = ${name} ${locked}`;
  return found;
}

/** Sent together, as the service does it: one round trip. */
function claim(tx, { tenant, principal, tool, key }, fingerprint, request) {
  return Promise.all([
    tx`
      select set_config('gantry.outer_lock_timeout', current_setting('lock_timeout'), true),
             set_config('lock_timeout', ${'1999ms'}, true)`,
    tx`
      insert into idempotency_keys as held (tenant_id, principal, tool, key, fingerprint, request_id, expires_at)
      values (${tenant}, ${principal}, ${tool}, ${key}, ${fingerprint}, ${request}, now() + make_interval(hours => ${24}))
      on conflict (tenant_id, principal, tool, key) do update set
        fingerprint = excluded.fingerprint,
        answer = null,
        request_id = excluded.request_id,
        created_at = excluded.created_at,
        expires_at = excluded.expires_at
      where held.expires_at <= now()
      returning true`,
    tx`select set_config('lock_timeout', current_setting('gantry.outer_lock_timeout'), true)`,
  ]);
}

function insertRecord(tx, collection, document) {
  // Shaped like a TypeID: 26 characters, the first of which is at most 7.
  const id = `rec_0${randomBytes(13).toString('hex').slice(1)}`;
  const keys = `{${JSON.stringify(`=${document.title}`)},NULL,NULL,NULL,NULL,NULL,NULL,NULL}`;
  return tx`
    insert into records (
      id, collection, data, changed_by_subject, changed_by_client,
      key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8
    )
    select
      ${id}, ${collection}, ${JSON.stringify(document)}::text::json, ${'by hand'}, ${'bench'},
      k[1], k[2], k[3], k[4], k[5], k[6], k[7], k[8]
    from (select ${keys}::text[]) as filed (k)
    returning ${columns(tx)}`;
}

function insertAuditEntry(tx, request, fingerprint) {
  const hash = `\\x${fingerprint.toString('hex')}`;
  const entry = {
    tenant_id: TENANT,
    request_id: request,
    at: new Date().toISOString(),
    subject: 'by hand',
    client: 'bench',
    tool: 'create_record',
    effect: 'create',
    outcome: 'ok',
    category: null,
    duration_ms: 1,
    error_id: null,
    trace_id: null,
    idempotency_key_hash: hash,
    arguments_hash: hash,
    replayed: false,
  };
  return tx`
    insert into audit_entries (
      tenant_id, request_id, at, subject, client, tool, effect, outcome, category, duration_ms, error_id,
      trace_id, idempotency_key_hash, arguments_hash, replayed
    )
    select * from json_to_recordset(${JSON.stringify([entry])}::text::json) as entry(
      tenant_id text, request_id text, at timestamptz, subject text, client text, tool text, effect text,
      outcome text, category text, duration_ms double precision, error_id text,
      trace_id text, idempotency_key_hash bytea, arguments_hash bytea, replayed boolean
    )`;
}

function view({ id, collection, version, data, createdAt, updatedAt, deletedAt }) {
  const stub = { id, collection, version, data, created_at: createdAt, updated_at: updatedAt };
  return deletedAt === null ? stub : { ...stub, deleted_at: deletedAt };
}

// --- Transactions as the service has them: nobody waits for begin, nor for the commit of a read.

const idle = [];
const waiting = [];
if (transaction === lean) for (let index = 0; index < POOL; index++) idle.push(await reserved());

async function reserved() {
  const client = connect(1);
  // postgres.js reserves only a connection that is there already.
  await client`select 1`;
  return { tx: await client.reserve(), commit: undefined };
}

async function lean(mode, work) {
  const connection = idle.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
  const begun = connection.tx
    .unsafe(`${takeCommit(connection)}begin ${BEGIN[mode]}; ${confined()}`)
    .execute();
  try {
    const result = await work(connection.tx);
    await begun;
    if (mode === 'write') await connection.tx.unsafe('commit');
    else commitLater(connection);
    return result;
  } catch (error) {
    await connection.tx.unsafe('rollback');
    throw error;
  } finally {
    const next = waiting.shift();
    if (next) next(connection);
    else idle.push(connection);
  }
}

function confined() {
  return `set local gantry.tenant = '${TENANT}'; set local statement_timeout = 5000`;
}

function commitLater(connection) {
  connection.commit = setTimeout(() => {
    connection.commit = undefined;
    void connection.tx.unsafe('commit').execute();
  }, 2);
}

function takeCommit(connection) {
  if (!connection.commit) return '';
  clearTimeout(connection.commit);
  connection.commit = undefined;
  return 'commit; ';
}

// --- Transactions as people write them.

const pool = connect(POOL);

function plain(mode, work) {
  return pool.begin(BEGIN[mode], async (tx) => {
    await tx`select set_config('gantry.tenant', ${TENANT}, true), set_config('statement_timeout', '5000', true)`;
    return work(tx);
  });
}

// --- The server.

createServer((req, res) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    if (req.method !== 'POST') return res.writeHead(204).end();
    const { id, params } = JSON.parse(Buffer.concat(chunks).toString());
    tools[params.name](params.arguments).then(
      (structuredContent) => {
        const content = [{ type: 'text', text: JSON.stringify(structuredContent) }];
        reply(res, 200, { jsonrpc: '2.0', id, result: { content, structuredContent } });
      },
      (error) => {
        console.error(error);
        reply(res, 500, { error: String(error) });
      },
    );
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

function reply(res, status, message) {
  const body = JSON.stringify(message);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  res.end(body);
}

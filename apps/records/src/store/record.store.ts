import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { SlotKeys } from '../domain/indexed-field.ts';
import type { JsonObject } from '../domain/json.ts';
import type { KeyCondition, RecordQuery } from '../domain/record-query.ts';
import type { Author, StoredRecord } from '../domain/record.ts';

/** Sorts after every other character, as ids are sorted. */
const LAST_CHARACTER = '\u{10FFFF}';

/** A document, where it is filed, and who wrote it. */
export interface FiledDocument {
  readonly data: JsonObject;
  readonly keys: SlotKeys;
  readonly author: Author;
}

/** Where a record stands in a list: its key, null in order of creation, and its id. */
export type RecordPosition = readonly [key: string | null, id: string];

/** Which part of a list to read. */
export interface RecordWindow {
  readonly after: RecordPosition | undefined;
  readonly includeDeleted: boolean;
  readonly limit: number;
}

/** A record with the key it was found by. */
export interface ListedRecord extends StoredRecord {
  readonly key: string | null;
}

/** What of a record changing its collection's definition has to look at. */
export interface RecordToCheck {
  readonly id: string;
  readonly data: JsonObject;
  readonly live: boolean;
}

/** The rows of `records`, in the current unit of work. Their history writes itself. */
@Injectable()
export class RecordStore {
  constructor(private readonly database: Database) {}

  /** Makes a record at version 1. */
  async insert(id: string, collection: string, { data, keys, author }: FiledDocument): Promise<StoredRecord> {
    const [inserted] = await this.database.sql<StoredRecord[]>`
      insert into records (
        id, collection, data, changed_by_subject, changed_by_client,
        key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8
      )
      select
        ${id}, ${collection}, ${JSON.stringify(data)}::text::json, ${author.subject}, ${author.client},
        k[1], k[2], k[3], k[4], k[5], k[6], k[7], k[8]
      from (select ${[...keys]}::text[]) as filed (k)
      returning ${this.#columns}`;
    return inserted!;
  }

  /** Makes records at version 1, in one statement. */
  async insertMany(
    collection: string,
    author: Author,
    documents: readonly { readonly id: string; readonly data: JsonObject; readonly keys: SlotKeys }[],
  ): Promise<void> {
    const rows = documents.map(({ id, data, keys }) => ({ id, data, ...keyColumns(keys) }));
    await this.database.sql`
      insert into records (
        id, collection, data, changed_by_subject, changed_by_client,
        key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8
      )
      select
        id, ${collection}, data, ${author.subject}, ${author.client},
        key_1, key_2, key_3, key_4, key_5, key_6, key_7, key_8
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as filed (
        id text, data json,
        key_1 text, key_2 text, key_3 text, key_4 text, key_5 text, key_6 text, key_7 text, key_8 text
      )`;
  }

  /** The record with this id, deleted or not. */
  async find(id: string): Promise<StoredRecord | undefined> {
    const [found] = await this.database.sql<
      StoredRecord[]
    >`select ${this.#columns} from records where id = ${id}`;
    return found;
  }

  /** The record with this id, deleted or not, for this unit of work alone to change. */
  async lock(id: string): Promise<StoredRecord | undefined> {
    const [found] = await this.database.sql<StoredRecord[]>`
      select ${this.#columns} from records where id = ${id} for update`;
    return found;
  }

  /** Moves a locked record to its next version, with another document. */
  async update(id: string, { data, keys, author }: FiledDocument): Promise<StoredRecord> {
    const [updated] = await this.database.sql<StoredRecord[]>`
      update records set
        version = version + 1,
        data = ${JSON.stringify(data)}::text::json,
        key_1 = k[1], key_2 = k[2], key_3 = k[3], key_4 = k[4],
        key_5 = k[5], key_6 = k[6], key_7 = k[7], key_8 = k[8],
        updated_at = statement_timestamp(),
        changed_by_subject = ${author.subject},
        changed_by_client = ${author.client}
      from (select ${[...keys]}::text[]) as filed (k)
      where id = ${id}
      returning ${this.#columns}`;
    return updated!;
  }

  /** Moves a locked record to its next version, deleted or live again. */
  async setDeleted(id: string, deleted: boolean, author: Author): Promise<StoredRecord> {
    const { sql } = this.database;
    const [updated] = await sql<StoredRecord[]>`
      update records set
        version = version + 1,
        deleted_at = ${deleted ? sql`statement_timestamp()` : sql`null`},
        updated_at = statement_timestamp(),
        changed_by_subject = ${author.subject},
        changed_by_client = ${author.client}
      where id = ${id}
      returning ${this.#columns}`;
    return updated!;
  }

  /** Records of a collection that satisfy a query, in its order. */
  async list(collection: string, query: RecordQuery, window: RecordWindow): Promise<ListedRecord[]> {
    const { sql } = this.database;
    const key = this.#key(query);
    const direction = sql.unsafe(query.direction);
    const conditions = [
      sql`collection = ${collection}`,
      ...(window.includeDeleted ? [] : [sql`and deleted_at is null`]),
      ...query.conditions.map((condition) => this.#condition(condition)),
      ...(query.sortedBy ? [sql`and ${key} is not null`] : []),
      ...(window.after ? [this.#after(query, window.after)] : []),
    ];
    return sql<ListedRecord[]>`
      select ${this.#columns}, ${key} as key
      from records
      where ${conditions}
      order by ${query.sortedBy ? sql`${key} ${direction},` : sql``} id ${direction}
      limit ${window.limit}`;
  }

  /** All records of a collection, deleted ones too, a bounded number at a time. */
  async *batches(collection: string, size = 100): AsyncGenerator<RecordToCheck[]> {
    const { sql } = this.database;
    let last = '';
    for (;;) {
      const batch = await sql<RecordToCheck[]>`
        select id, data, deleted_at is null as live
        from records
        where collection = ${collection} and id > ${last}
        order by id
        limit ${size}`;
      if (batch.length > 0) yield batch;
      if (batch.length < size) return;
      last = batch.at(-1)!.id;
    }
  }

  /** Files records under other keys. Their versions stay. */
  async refile(records: readonly { readonly id: string; readonly keys: SlotKeys }[]): Promise<void> {
    const rows = records.map(({ id, keys }) => ({ id, ...keyColumns(keys) }));
    await this.database.sql`
      update records set
        key_1 = filed.key_1, key_2 = filed.key_2, key_3 = filed.key_3, key_4 = filed.key_4,
        key_5 = filed.key_5, key_6 = filed.key_6, key_7 = filed.key_7, key_8 = filed.key_8
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as filed (
        id text, key_1 text, key_2 text, key_3 text, key_4 text, key_5 text, key_6 text, key_7 text, key_8 text
      )
      where records.id = filed.id`;
  }

  /** Ids of live records that begin with a prefix, the newest first. */
  async idsFrom(prefix: string, limit: number): Promise<string[]> {
    const rows = await this.database.sql<{ id: string }[]>`
      select id from records
      where id >= ${prefix} and id < ${prefix + LAST_CHARACTER} and deleted_at is null
      order by id desc
      limit ${limit}`;
    return rows.map(({ id }) => id);
  }

  get #columns() {
    return this.database.sql`
      id, collection, version, data,
      created_at as "createdAt", updated_at as "updatedAt", deleted_at as "deletedAt"`;
  }

  /** That the column is not null follows, but only if told does the planner know that its partial index has all matches. */
  #condition(condition: KeyCondition) {
    const { sql } = this.database;
    const column = sql(`key_${condition.slot}`);
    return condition.compare === 'in'
      ? sql`and ${column} is not null and ${column} = any(${[...condition.keys]}::text[])`
      : sql`and ${column} is not null and ${column} ${sql.unsafe(condition.compare)} ${condition.key}`;
  }

  /** Only records beyond a position, in the direction of the query. */
  #after(query: RecordQuery, [key, id]: RecordPosition) {
    const { sql } = this.database;
    const beyond = sql.unsafe(query.direction === 'asc' ? '>' : '<');
    return query.sortedBy
      ? sql`and (${this.#key(query)}, id) ${beyond} (${key}, ${id})`
      : sql`and id ${beyond} ${id}`;
  }

  /** The column that gives the order beside the id. */
  #key({ sortedBy }: RecordQuery) {
    const { sql } = this.database;
    return sortedBy ? sql`${sql(`key_${sortedBy.slot}`)}` : sql`null`;
  }
}

/** Keys by the names of their columns. */
function keyColumns(keys: SlotKeys): Record<string, string | null> {
  return Object.fromEntries(keys.map((key, index) => [`key_${index + 1}`, key]));
}

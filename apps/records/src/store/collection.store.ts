import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { Collection, CollectionContent } from '../domain/collection.ts';

/** Sorts after every other character, as names are sorted. */
const LAST_CHARACTER = '\u{10FFFF}';

/** Which collections to list, in the order of their names. */
export interface CollectionWindow {
  /** Only this one. */
  readonly name: string | undefined;
  /** Names after this one. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** The rows of `collections`, in the current unit of work. */
@Injectable()
export class CollectionStore {
  constructor(private readonly database: Database) {}

  /** The collection of this name. */
  async find(name: string): Promise<Collection | undefined> {
    const [found] = await this.database.sql<Collection[]>`
      select ${this.#columns} from collections where name = ${name}`;
    return found;
  }

  /** The collection of this name, kept from being redefined until the end of the unit of work. */
  async hold(name: string): Promise<Collection | undefined> {
    const [found] = await this.database.sql<Collection[]>`
      select ${this.#columns} from collections where name = ${name} for key share`;
    return found;
  }

  /** The collection a record belongs to, kept from being redefined until the end of the unit of work. */
  async holdForRecord(recordId: string): Promise<Collection | undefined> {
    const [found] = await this.database.sql<Collection[]>`
      select ${this.#columns} from collections
      where name = (select collection from records where id = ${recordId})
      for key share`;
    return found;
  }

  /**
   * The collection of this name, for this unit of work alone to redefine. Waits for every unit of work that holds
   * it, and makes those wait that want to.
   */
  async lock(name: string): Promise<Collection | undefined> {
    const [found] = await this.database.sql<Collection[]>`
      select ${this.#columns} from collections where name = ${name} for update`;
    return found;
  }

  /** Makes a collection at version 1; `undefined` if there is one of this name. */
  async insert(name: string, content: CollectionContent): Promise<Collection | undefined> {
    const [inserted] = await this.database.sql<Collection[]>`
      insert into collections (name, title, description, json_schema, indexed_fields)
      values (
        ${name}, ${content.title}, ${content.description},
        ${JSON.stringify(content.jsonSchema)}::text::json, ${JSON.stringify(content.indexedFields)}::text::json
      )
      on conflict (tenant_id, name) do nothing
      returning ${this.#columns}`;
    return inserted;
  }

  /** Replaces the content of a locked collection and counts its version up. */
  async update(name: string, content: CollectionContent): Promise<Collection> {
    const [updated] = await this.database.sql<Collection[]>`
      update collections set
        version = version + 1,
        title = ${content.title},
        description = ${content.description},
        json_schema = ${JSON.stringify(content.jsonSchema)}::text::json,
        indexed_fields = ${JSON.stringify(content.indexedFields)}::text::json,
        updated_at = statement_timestamp()
      where name = ${name}
      returning ${this.#columns}`;
    if (!updated) throw new Error('A locked collection must be there.');
    return updated;
  }

  /** Collections by name. */
  async list({ name, after, limit }: CollectionWindow): Promise<Collection[]> {
    const { sql } = this.database;
    return sql<Collection[]>`
      select ${this.#columns} from collections
      where true
        ${name === undefined ? sql`` : sql`and name = ${name}`}
        ${after === undefined ? sql`` : sql`and name > ${after}`}
      order by name
      limit ${limit}`;
  }

  /** Names that begin with a prefix. */
  async namesFrom(prefix: string, limit: number): Promise<string[]> {
    const rows = await this.database.sql<{ name: string }[]>`
      select name from collections
      where name >= ${prefix} and name < ${prefix + LAST_CHARACTER}
      order by name
      limit ${limit}`;
    return rows.map(({ name }) => name);
  }

  get #columns() {
    return this.database.sql`
      name, version, title, description, json_schema as "jsonSchema", indexed_fields as "indexedFields",
      created_at as "createdAt", updated_at as "updatedAt"`;
  }
}

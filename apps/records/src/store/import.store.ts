import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { FileFormat, Rejection, Upload } from '../domain/import.ts';
import type { Author } from '../domain/record.ts';

/** A part of a file, and where in the file it ends. */
export interface ImportPart {
  readonly part: number;
  readonly content: string;
  /** In UTF-16 units. */
  readonly endsAt: number;
}

/** Hours for which an upload waits for its next part. */
const UPLOAD_HOURS = 24;

/** The rows of `record_imports`, their parts and rejections, in the current unit of work. */
@Injectable()
export class ImportStore {
  constructor(private readonly database: Database) {}

  /** Begins an upload. */
  async insert(
    id: string,
    { subject, client }: Author,
    collection: string,
    format: FileFormat,
  ): Promise<Upload> {
    const [inserted] = await this.database.sql<Upload[]>`
      insert into record_imports (id, subject, client, collection, format, expires_at)
      values (${id}, ${subject}, ${client}, ${collection}, ${format}, now() + make_interval(hours => ${UPLOAD_HOURS}))
      returning ${this.#columns}`;
    return inserted!;
  }

  /** How many uploads of this sender wait for further parts; no further than to a number. */
  async countBegun({ subject, client }: Author, most: number): Promise<number> {
    const [counted] = await this.database.sql<[{ begun: number }]>`
      select count(*)::int as begun from (
        select from record_imports
        where subject = ${subject} and client = ${client} and operation_id is null and expires_at > now()
        limit ${most}
      ) as waiting`;
    return counted.begun;
  }

  /** An upload of this sender, for this unit of work alone to add to. */
  async lock(id: string, { subject, client }: Author): Promise<Upload | undefined> {
    const [found] = await this.database.sql<Upload[]>`
      select ${this.#columns} from record_imports
      where id = ${id} and subject = ${subject} and client = ${client} and expires_at > now()
      for update`;
    return found;
  }

  /** Adds the next part to a locked upload. */
  async addPart(id: string, { part, content, endsAt }: ImportPart, received: Upload): Promise<void> {
    const { sql } = this.database;
    await sql`
      insert into record_import_parts (import_id, part, ends_at, content)
      values (${id}, ${part}, ${endsAt}, ${content})`;
    await sql`
      update record_imports set
        parts = ${part}, length = ${received.length}, bytes = ${received.bytes}, newlines = ${received.newlines},
        expires_at = now() + make_interval(hours => ${UPLOAD_HOURS})
      where id = ${id}`;
  }

  /** Binds a locked upload to the operation that imports it, and keeps it until a time. */
  async bind(id: string, operationId: string, keepUntil: string): Promise<void> {
    await this.database.sql`
      update record_imports set operation_id = ${operationId}, expires_at = ${keepUntil} where id = ${id}`;
  }

  /** The first part that goes beyond a place in the file. */
  async partAfter(id: string, offset: number): Promise<ImportPart | undefined> {
    const [found] = await this.database.sql<ImportPart[]>`
      select part, content, ends_at as "endsAt" from record_import_parts
      where import_id = ${id} and ends_at > ${offset}
      order by part
      limit 1`;
    return found;
  }

  /** Deletes the parts that end at or before a place in the file. */
  async dropPartsBefore(id: string, offset: number): Promise<void> {
    await this.database.sql`delete from record_import_parts where import_id = ${id} and ends_at <= ${offset}`;
  }

  /** Notes what was not imported. */
  async addRejections(operationId: string, rejections: readonly Rejection[]): Promise<void> {
    await this.database.sql`
      insert into record_import_rejections (operation_id, line, reason)
      select ${operationId}, line, reason
      from json_to_recordset(${JSON.stringify(rejections)}::text::json) as rejected (line bigint, reason text)`;
  }

  /** What an operation did not import, from a line on. */
  async rejections(operationId: string, afterLine: number, limit: number): Promise<Rejection[]> {
    return this.database.sql<Rejection[]>`
      select line, reason from record_import_rejections
      where operation_id = ${operationId} and line > ${afterLine}
      order by line
      limit ${limit}`;
  }

  get #columns() {
    return this.database.sql`
      id, collection, format, parts, length, bytes, newlines, operation_id as "operationId"`;
  }
}

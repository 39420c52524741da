import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { Upload } from './upload.ts';

/** Who sends a file. Nobody else can add to it. */
export interface Sender {
  readonly tenant: string;
  readonly subject: string;
  readonly client: string;
}

/** An upload as its row has it: where its last line ends is seen in the text alone. */
export type StoredUpload = Omit<Upload, 'lines'> & { readonly newlines: number };

/** A part of a file, and where in the file it ends. */
export interface UploadPart {
  readonly part: number;
  readonly content: string;
  /** In UTF-16 units. */
  readonly endsAt: number;
}

/** Hours for which an upload waits for its next part. */
const UPLOAD_HOURS = 24;

/** The rows of `uploads` and their parts, in the current unit of work. */
@Injectable()
export class UploadStore {
  constructor(private readonly database: Database) {}

  /** Begins an upload. */
  async insert(
    { id, purpose, parameters }: Pick<Upload, 'id' | 'purpose' | 'parameters'>,
    { subject, client }: Sender,
  ): Promise<StoredUpload> {
    const [inserted] = await this.database.sql<StoredUpload[]>`
      insert into uploads (id, subject, client, purpose, parameters, expires_at)
      values (
        ${id}, ${subject}, ${client}, ${purpose}, ${JSON.stringify(parameters)}::text::jsonb,
        now() + make_interval(hours => ${UPLOAD_HOURS})
      )
      returning ${this.#columns}`;
    return inserted!;
  }

  /**
   * Counts the uploads of a sender that wait for further parts; no further than to a number. Nobody else can until the
   * unit of work ends, so the count stays right for an insert after it.
   */
  async countBegun({ tenant, subject, client }: Sender, most: number): Promise<number> {
    const { sql } = this.database;
    const sender = JSON.stringify(['uploads', tenant, subject, client]);
    // A statement of its own: the next one sees what was committed while this one waited.
    await sql`select pg_advisory_xact_lock(hashtextextended(${sender}, 0))`;
    const [counted] = await sql<[{ begun: number }]>`
      select count(*)::int as begun from (
        select from uploads
        where subject = ${subject} and client = ${client} and operation_id is null and expires_at > now()
        limit ${most}
      ) as waiting`;
    return counted.begun;
  }

  /** An upload of this sender for this purpose, for this unit of work alone to add to. */
  async lock(id: string, purpose: string, { subject, client }: Sender): Promise<StoredUpload | undefined> {
    const [found] = await this.database.sql<StoredUpload[]>`
      select ${this.#columns} from uploads
      where id = ${id} and purpose = ${purpose} and subject = ${subject} and client = ${client}
        and expires_at > now()
      for update`;
    return found;
  }

  /** Adds the next part to a locked upload. */
  async addPart({ part, content, endsAt }: UploadPart, received: StoredUpload): Promise<void> {
    const { sql } = this.database;
    const { id, length, bytes, newlines } = received;
    await sql`
      insert into upload_parts (upload_id, part, ends_at, content)
      values (${id}, ${part}, ${endsAt}, ${content})`;
    await sql`
      update uploads set
        parts = ${part}, length = ${length}, bytes = ${bytes}, newlines = ${newlines},
        expires_at = now() + make_interval(hours => ${UPLOAD_HOURS})
      where id = ${id}`;
  }

  /** Binds a locked upload to the operation that works on it, and keeps it until a time. */
  async bind(id: string, operationId: string, keepUntil: string): Promise<void> {
    await this.database.sql`
      update uploads set operation_id = ${operationId}, expires_at = ${keepUntil} where id = ${id}`;
  }

  /** The first part that goes beyond a place in the file. */
  async partAfter(id: string, offset: number): Promise<UploadPart | undefined> {
    const [found] = await this.database.sql<UploadPart[]>`
      select part, content, ends_at as "endsAt" from upload_parts
      where upload_id = ${id} and ends_at > ${offset}
      order by part
      limit 1`;
    return found;
  }

  /** Deletes the parts that end at or before a place in the file. */
  async dropPartsBefore(id: string, offset: number): Promise<void> {
    await this.database.sql`delete from upload_parts where upload_id = ${id} and ends_at <= ${offset}`;
  }

  get #columns() {
    return this.database.sql`
      id, purpose, parameters, parts, length, bytes, newlines, operation_id as "operationId"`;
  }
}

import type { FileFormat } from '@gantry/files';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** A part of an exported file. */
export interface ExportPart {
  readonly format: FileFormat;
  readonly content: string;
}

/** The rows of `record_exports` and their parts, in the current unit of work. */
@Injectable()
export class ExportStore {
  constructor(private readonly database: Database) {}

  /** Begins a file that is kept until a time. */
  async insert(operationId: string, format: FileFormat, keepUntil: string): Promise<void> {
    await this.database.sql`
      insert into record_exports (operation_id, format, expires_at)
      values (${operationId}, ${format}, ${keepUntil})`;
  }

  /** Adds a part to a file. */
  async addPart(operationId: string, part: number, content: string): Promise<void> {
    await this.database.sql`
      insert into record_export_parts (operation_id, part, content) values (${operationId}, ${part}, ${content})`;
  }

  /** A part of a file; the first is 1. */
  async part(operationId: string, part: number): Promise<ExportPart | undefined> {
    const [found] = await this.database.sql<ExportPart[]>`
      select format, content
      from record_export_parts join record_exports using (tenant_id, operation_id)
      where operation_id = ${operationId} and part = ${part}`;
    return found;
  }
}

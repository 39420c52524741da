import { Config } from '@gantry/config';
import { jobsSettings, Operations, type OperationView } from '@gantry/jobs';
import type { ToolCall } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { Exports, type ExportRequest } from '../desk/exports.ts';
import type { Upload } from '../domain/import.ts';
import { ExportStore } from '../store/export.store.ts';
import { ImportStore } from '../store/import.store.ts';
import { exportRecordsOperation } from './export-records.ts';
import { importRecordsOperation } from './import-records.ts';

const HOUR_MS = 3_600_000;

/** Starts imports and exports, whose files are kept for as long as the operation can be asked for. */
@Injectable()
export class Transfers {
  readonly #retentionMs: number;

  constructor(
    private readonly operations: Operations,
    private readonly imports: ImportStore,
    private readonly files: ExportStore,
    private readonly exports: Exports,
    config: Config,
  ) {
    this.#retentionMs = config.get(jobsSettings).operationRetentionHours * HOUR_MS;
  }

  /** Imports a file that has arrived. */
  async startImport(call: ToolCall, upload: Upload, endsInNewline: boolean): Promise<OperationView> {
    const { id, collection, format, length, newlines } = upload;
    const view = await this.operations.start(call, importRecordsOperation, {
      import_id: id,
      collection,
      format,
      length,
      lines: newlines + (endsInNewline ? 0 : 1),
    });
    await this.imports.bind(id, view.operation_id, this.#keepUntil(view));
    return view;
  }

  /** Exports records. */
  async startExport(call: ToolCall, request: ExportRequest): Promise<OperationView> {
    const { collection, format, filter, fields } = await this.exports.prepare(request);
    const view = await this.operations.start(call, exportRecordsOperation, {
      collection,
      format,
      filter: [...filter],
      ...(fields && { fields: [...fields] }),
    });
    await this.files.insert(view.operation_id, format, this.#keepUntil(view));
    return view;
  }

  /** The latest that the operation can be forgotten: it ends by the first time, and is kept for the second. */
  #keepUntil({ expires_at: endsBy }: OperationView): string {
    return new Date(Date.parse(endsBy) + this.#retentionMs).toISOString();
  }
}

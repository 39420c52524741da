import { Config } from '@gantry/config';
import { jobsSettings, Operations, type OperationView } from '@gantry/jobs';
import type { ToolCall } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { Exports, type ExportRequest } from '../desk/exports.ts';
import { ExportStore } from '../store/export.store.ts';
import { exportRecordsOperation } from './export-records.ts';

const HOUR_MS = 3_600_000;

/** Starts exports, whose files are kept for as long as the operation can be asked for. */
@Injectable()
export class StartExport {
  readonly #retentionMs: number;

  constructor(
    private readonly operations: Operations,
    private readonly files: ExportStore,
    private readonly exports: Exports,
    config: Config,
  ) {
    this.#retentionMs = config.get(jobsSettings).operationRetentionHours * HOUR_MS;
  }

  /** Exports records. */
  async start(call: ToolCall, request: ExportRequest): Promise<OperationView> {
    const { collection, format, filter, fields } = await this.exports.prepare(request);
    const view = await this.operations.start(call, exportRecordsOperation, {
      collection,
      format,
      filter: [...filter],
      ...(fields && { fields: [...fields] }),
    });
    // The latest that it can be forgotten: it ends by the first time, and is kept for the second.
    const keepUntil = Date.parse(view.expires_at) + this.#retentionMs;
    await this.files.insert(view.operation_id, format, new Date(keepUntil).toISOString());
    return view;
  }
}

import { Operations, type OperationView } from '@gantry/jobs';
import type { ToolCall } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { Exports, type ExportRequest } from '../desk/exports.ts';
import { ExportStore } from '../store/export.store.ts';
import { exportRecordsOperation } from './export-records.ts';

/** Starts exports, whose files are kept for as long as the operation can be asked for. */
@Injectable()
export class StartExport {
  constructor(
    private readonly operations: Operations,
    private readonly files: ExportStore,
    private readonly exports: Exports,
  ) {}

  /** Exports records. */
  async start(call: ToolCall, request: ExportRequest): Promise<OperationView> {
    const { collection, format, filter, fields } = await this.exports.prepare(request);
    const view = await this.operations.start(call, exportRecordsOperation, {
      collection,
      format,
      filter: [...filter],
      ...(fields && { fields: [...fields] }),
    });
    await this.files.insert(view.operation_id, format, this.operations.keptUntil(view));
    return view;
  }
}

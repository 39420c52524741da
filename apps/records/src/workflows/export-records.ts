import { fileFormat } from '@gantry/files';
import { defineOperation, OperationHandler, type OperationRun, type RunsOperation } from '@gantry/jobs';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Exports } from '../desk/exports.ts';
import type { FilterClause } from '../domain/record-query.ts';
import { exportPartTemplate } from '../resources/uris.ts';

/** Writes records of a collection to a file in parts. */
export const exportRecordsOperation = defineOperation({
  kind: 'export_records',
  input: z.object({
    collection: z.string(),
    format: fileFormat,
    filter: z.array(z.custom<FilterClause>()),
    fields: z.array(z.string()).optional(),
  }),
  state: z.object({
    parts: z.int(),
    /** The last record that has been written. */
    after: z.string().optional(),
    records: z.int(),
    bytes: z.int(),
    complete: z.boolean(),
  }),
  result: z.object({
    records: z.int(),
    bytes: z.int(),
    parts: z.int(),
    uri_template: z.string(),
  }),
});

type Input = z.output<typeof exportRecordsOperation.input>;
type State = z.output<typeof exportRecordsOperation.state>;

const NOTHING: State = { parts: 0, records: 0, bytes: 0, complete: false };

/** Writes one part after the other; each is committed together with the place after it. */
@Injectable()
@OperationHandler(exportRecordsOperation)
export class ExportRecords implements RunsOperation<typeof exportRecordsOperation> {
  constructor(private readonly exports: Exports) {}

  async run(
    input: Input,
    operation: OperationRun<State>,
  ): Promise<z.input<typeof exportRecordsOperation.result>> {
    let state: State = operation.state ?? NOTHING;
    while (!state.complete) {
      await operation.checkpoint(async () => {
        state = await this.#nextPart(input, operation, state);
        const message = `${state.records.toLocaleString('en')} records exported.`;
        return { state, progress: { done: state.records, message } };
      });
    }
    const { records, bytes, parts } = state;
    return { records, bytes, parts, uri_template: exportPartTemplate(operation.id) };
  }

  async #nextPart(input: Input, { id, signal }: OperationRun<State>, before: State): Promise<State> {
    const part = before.parts + 1;
    const written = await this.exports.write({ ...input, operationId: id, signal }, part, before.after);
    if (!written) return { ...before, complete: true };
    return {
      parts: part,
      after: written.last ?? before.after,
      records: before.records + written.records,
      bytes: before.bytes + written.bytes,
      complete: written.isLast,
    };
  }
}

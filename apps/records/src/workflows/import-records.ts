import { defineOperation, OperationHandler, type OperationRun, type RunsOperation } from '@gantry/jobs';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Imports } from '../desk/imports.ts';
import { BEGINNING, importBatches, type ImportBatch } from '../files/import-batch.ts';
import { FILE_FORMATS, MAX_REJECTIONS } from '../domain/import.ts';
import { rejectionsUri } from '../resources/uris.ts';
import { ImportStore } from '../store/import.store.ts';

/** Rejections that are part of the result. */
const SHOWN_REJECTIONS = 20;

/** Imports a file that has arrived. */
export const importRecordsOperation = defineOperation({
  kind: 'import_records',
  input: z.object({
    import_id: z.string(),
    collection: z.string(),
    format: z.enum(FILE_FORMATS),
    /** All of the file, and what its parts must amount to. */
    lines: z.int(),
    length: z.int(),
  }),
  state: z.object({
    offset: z.int(),
    line: z.int(),
    columns: z.array(z.string()).readonly().optional(),
    imported: z.int(),
    rejected: z.int(),
  }),
  result: z.object({
    lines: z.int(),
    imported: z.int(),
    rejected: z.int(),
    rejections: z.array(z.object({ line: z.int(), reason: z.string() })),
    rejections_uri: z.string().optional(),
  }),
});

type Input = z.output<typeof importRecordsOperation.input>;
type State = z.output<typeof importRecordsOperation.state>;

/** Reads the file part by part; batch by batch, records and the place after them are committed together. */
@Injectable()
@OperationHandler(importRecordsOperation)
export class ImportRecords implements RunsOperation<typeof importRecordsOperation> {
  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly store: ImportStore,
  ) {}

  async run(
    input: Input,
    operation: OperationRun<State>,
  ): Promise<z.input<typeof importRecordsOperation.result>> {
    let state: State = operation.state ?? { ...BEGINNING, imported: 0, rejected: 0 };
    const parts = this.#parts(input.import_id, state.offset, operation);
    for await (const batch of importBatches(parts, input.format, state)) {
      await operation.checkpoint(async () => {
        state = await this.#store(input, operation, batch, state);
        return { state, progress: progressOf(input, state) };
      });
    }
    if (state.offset !== input.length) throw new Error('A part of the file is missing.');
    return this.#result(operation, state);
  }

  /** The file from a place on, one part in memory at a time. */
  async *#parts(importId: string, from: number, { scope }: OperationRun<State>): AsyncGenerator<string> {
    let offset = from;
    for (;;) {
      const part = await this.database.read(scope, () => this.store.partAfter(importId, offset));
      if (!part) return;
      // Not from its beginning, where a run goes on in the middle of it.
      yield part.content.slice(offset - part.endsAt);
      offset = part.endsAt;
    }
  }

  async #store(
    { import_id: importId, collection }: Input,
    { id, owner, signal }: OperationRun<State>,
    batch: ImportBatch,
    before: State,
  ): Promise<State> {
    const { imported, rejections } = await this.imports.store({ owner, collection, signal }, batch);
    const kept = rejections.slice(0, Math.max(0, MAX_REJECTIONS - before.rejected));
    if (kept.length > 0) await this.store.addRejections(id, kept);
    const { offset, line, columns } = batch.place;
    await this.store.dropPartsBefore(importId, offset);
    return {
      offset,
      line,
      ...(columns && { columns }),
      imported: before.imported + imported,
      rejected: before.rejected + rejections.length,
    };
  }

  async #result({ id, scope }: OperationRun<State>, { line, imported, rejected }: State) {
    const rejections = await this.database.read(scope, () => this.store.rejections(id, 0, SHOWN_REJECTIONS));
    return {
      lines: line - 1,
      imported,
      rejected,
      rejections,
      ...(rejected > 0 && { rejections_uri: rejectionsUri(id, 0) }),
    };
  }
}

function progressOf({ lines }: Input, { line, imported, rejected }: State) {
  const read = line - 1;
  const count = (number: number) => number.toLocaleString('en');
  return {
    done: read,
    total: lines,
    message: `${count(read)} of ${count(lines)} lines read: ${count(imported)} records imported, ${count(rejected)} rejected.`,
  };
}

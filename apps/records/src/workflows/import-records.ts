import { BEGINNING, fileFormat, filePlace, sentFile, SentFiles, type FileBatch } from '@gantry/files';
import { defineOperation, OperationHandler, type OperationRun, type RunsOperation } from '@gantry/jobs';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Imports } from '../desk/imports.ts';
import { rejectionsUri } from '../resources/uris.ts';

/** Rejections that are part of the result. */
const SHOWN_REJECTIONS = 20;

/** Imports a file that has arrived. */
export const importRecordsOperation = defineOperation({
  kind: 'import_records',
  input: z.object({ file: sentFile, collection: z.string(), format: fileFormat }),
  state: filePlace.extend({ imported: z.int(), rejected: z.int() }),
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
    private readonly files: SentFiles,
  ) {}

  async run(
    input: Input,
    operation: OperationRun<State>,
  ): Promise<z.input<typeof importRecordsOperation.result>> {
    let state: State = operation.state ?? { ...BEGINNING, imported: 0, rejected: 0 };
    for await (const batch of this.files.batches(input.file, input.format, state, operation.scope)) {
      await operation.checkpoint(async () => {
        state = await this.#store(input, operation, batch, state);
        return { state, progress: progressOf(input, state) };
      });
    }
    return this.#result(operation, state);
  }

  async #store(
    { file, collection }: Input,
    { id, owner, signal }: OperationRun<State>,
    batch: FileBatch,
    before: State,
  ): Promise<State> {
    const { imported, rejections } = await this.imports.store({ owner, collection, signal }, batch);
    await this.files.addRejections(id, rejections);
    await this.files.dropBefore(file, batch.place);
    return {
      ...batch.place,
      imported: before.imported + imported,
      rejected: before.rejected + rejections.length,
    };
  }

  async #result({ id, scope }: OperationRun<State>, { line, imported, rejected }: State) {
    const rejections = await this.database.read(scope, () => this.files.rejections(id, 0, SHOWN_REJECTIONS));
    return {
      lines: line - 1,
      imported,
      rejected,
      rejections,
      ...(rejected > 0 && { rejections_uri: rejectionsUri(id, 0) }),
    };
  }
}

function progressOf({ file: { lines } }: Input, { line, imported, rejected }: State) {
  const read = line - 1;
  const count = (number: number) => number.toLocaleString('en');
  return {
    done: read,
    total: lines,
    message: `${count(read)} of ${count(lines)} lines read: ${count(imported)} records imported, ${count(rejected)} rejected.`,
  };
}

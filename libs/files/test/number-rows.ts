import { sharedError } from '@gantry/errors';
import { defineOperation, OperationHandler, type OperationRun, type RunsOperation } from '@gantry/jobs';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { BEGINNING, fileFormat, filePlace, sentFile, SentFiles, type FileBatch } from '../src/index.ts';

/** Counts the rows of a file; those with a flaw are rejected. */
export const numberRowsOperation = defineOperation({
  kind: 'number_rows',
  input: z.object({ file: sentFile, format: fileFormat }),
  state: z.object({ place: filePlace, rows: z.int() }),
  result: z.object({ rows: z.int(), columns: z.array(z.string()).readonly().optional() }),
});

type Input = z.output<typeof numberRowsOperation.input>;
type State = z.output<typeof numberRowsOperation.state>;

/** Gives up once after each batch, and is run anew from its last checkpoint. */
@Injectable()
@OperationHandler(numberRowsOperation)
export class NumberRows implements RunsOperation<typeof numberRowsOperation> {
  /** First line of every batch, in the order in which they were read. */
  readonly read: number[] = [];

  constructor(private readonly files: SentFiles) {}

  async run({ file, format }: Input, operation: OperationRun<State>) {
    let { place, rows } = operation.state ?? { place: BEGINNING, rows: 0 };
    for await (const batch of this.files.batches(file, format, place, operation.scope)) {
      this.read.push(place.line);
      await operation.checkpoint(async () => {
        ({ place } = batch);
        rows += batch.rows.length;
        await this.files.dropBefore(file, place);
        await this.files.addRejections(operation.id, flaws(batch));
        return { state: { place, rows }, progress: { done: place.line - 1, total: file.lines } };
      });
      if (place.offset < file.length) throw sharedError('dependency_unavailable', 'Not now.');
    }
    return { rows, ...(place.columns && { columns: place.columns }) };
  }
}

function flaws({ rows }: FileBatch) {
  return rows.flatMap((row) => ('flaw' in row ? [{ line: row.line, reason: row.flaw }] : []));
}

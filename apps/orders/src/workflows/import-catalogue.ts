import { BEGINNING, FILE_FORMATS, filePlace, SentFiles, sentFile } from '@gantry/files';
import { defineOperation, OperationHandler, type OperationRun, type RunsOperation } from '@gantry/jobs';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CatalogueImports } from '../desk/catalogue-imports.ts';
import { CATALOGUE_KINDS } from '../domain/catalogue-import.ts';
import { rejectionsUri } from '../resources/catalogue-uris.ts';

/** Rejections that are part of the result. */
const SHOWN_REJECTIONS = 20;

const counts = { created: z.int(), updated: z.int(), unchanged: z.int(), rejected: z.int() };

/** Takes in a file of products or customers that has arrived. */
export const importCatalogueOperation = defineOperation({
  kind: 'import_catalogue',
  input: z.object({ kind: z.enum(CATALOGUE_KINDS), format: z.enum(FILE_FORMATS), file: sentFile }),
  state: z.object({ place: filePlace, ...counts }),
  result: z.object({
    lines: z.int(),
    ...counts,
    rejections: z.array(z.object({ line: z.int(), reason: z.string() })),
    rejections_uri: z.string().optional(),
  }),
});

type Input = z.output<typeof importCatalogueOperation.input>;
type State = z.output<typeof importCatalogueOperation.state>;

/** Reads the file part by part; batch by batch, what it says and the place after it are committed together. */
@Injectable()
@OperationHandler(importCatalogueOperation)
export class ImportCatalogue implements RunsOperation<typeof importCatalogueOperation> {
  constructor(
    private readonly database: Database,
    private readonly files: SentFiles,
    private readonly imports: CatalogueImports,
  ) {}

  async run(
    { kind, format, file }: Input,
    operation: OperationRun<State>,
  ): Promise<z.input<typeof importCatalogueOperation.result>> {
    const { id, owner, scope } = operation;
    let state: State = operation.state ?? {
      place: BEGINNING,
      created: 0,
      updated: 0,
      unchanged: 0,
      rejected: 0,
    };
    for await (const { rows, place } of this.files.batches(file, format, state.place, scope)) {
      await operation.checkpoint(async () => {
        const taken = await this.imports.store(owner.tenant, kind, rows, place.columns);
        await this.files.addRejections(id, taken.rejections);
        await this.files.dropBefore(file, place);
        state = {
          place,
          created: state.created + taken.created,
          updated: state.updated + taken.updated,
          unchanged: state.unchanged + taken.unchanged,
          rejected: state.rejected + taken.rejections.length,
        };
        return { state, progress: progressOf(state, file.lines) };
      });
    }
    return this.#result(operation, state);
  }

  async #result({ id, scope }: OperationRun<State>, { place, ...counted }: State) {
    const rejections = await this.database.read(scope, () => this.files.rejections(id, 0, SHOWN_REJECTIONS));
    return {
      lines: place.line - 1,
      ...counted,
      rejections,
      ...(counted.rejected > 0 && { rejections_uri: rejectionsUri(id, 0) }),
    };
  }
}

function progressOf({ place, created, updated, unchanged, rejected }: State, total: number) {
  const done = place.line - 1;
  const count = (number: number) => number.toLocaleString('en');
  return {
    done,
    total,
    message:
      `${count(done)} of ${count(total)} lines read: ${count(created)} created, ${count(updated)} updated, ` +
      `${count(unchanged)} unchanged, ${count(rejected)} rejected.`,
  };
}

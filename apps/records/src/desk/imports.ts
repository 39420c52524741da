import type { FileBatch, FileRow, Rejection } from '@gantry/files';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { Collection } from '../domain/collection.ts';
import { CsvColumns } from '../files/csv-document.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { Author } from '../domain/record.ts';
import { collectionNotFound } from '../domain/refusals.ts';
import { CollectionStore } from '../store/collection.store.ts';
import { RecordStore } from '../store/record.store.ts';
import { Admissions } from './admission.ts';
import { Pace } from './pace.ts';

/** Issues of a document that its rejection names. */
const NAMED_ISSUES = 3;

/** Who imports what: what batches of one import have in common. */
export interface ImportTask {
  readonly owner: Author & { readonly tenant: string };
  readonly collection: string;
  /** Aborted when the import is to stop. */
  readonly signal: AbortSignal;
}

/** What became of the records of a batch. */
export interface BatchOutcome {
  readonly imported: number;
  readonly rejections: readonly Rejection[];
}

/** Makes records of the records of files, and tells what was wrong with the others. */
@Injectable()
export class Imports {
  constructor(
    private readonly collections: CollectionStore,
    private readonly records: RecordStore,
    private readonly admissions: Admissions,
  ) {}

  /**
   * Refuses a file for a collection that is not there.
   *
   * @throws GantryError `collection_not_found`
   */
  async prepare(collection: string): Promise<void> {
    if (!(await this.collections.find(collection))) throw collectionNotFound(collection);
  }

  /** Stores those of a batch that its collection takes, by the definition of now; in the current unit of work. */
  async store(task: ImportTask, { rows, place }: FileBatch): Promise<BatchOutcome> {
    const collection = await this.collections.hold(task.collection);
    if (!collection) throw collectionNotFound(task.collection);
    const pace = new Pace(task.signal);
    const columns = new CsvColumns(place.columns ?? [], collection.jsonSchema);
    const rejections: Rejection[] = [];
    const admitted: Parameters<RecordStore['insertMany']>[2][number][] = [];
    for (const row of rows) {
      await pace.keep();
      const verdict = pace.time(() => this.#judge(task, collection, columns, row));
      // Made here, one after the other: ids sort by the order in which they were made.
      if (typeof verdict === 'string') rejections.push({ line: row.line, reason: verdict });
      else admitted.push({ id: typeid('rec').toString(), ...verdict });
    }
    if (admitted.length > 0) await this.records.insertMany(collection.name, task.owner, admitted);
    return { imported: admitted.length, rejections };
  }

  /** The document and where to file it, or why not. */
  #judge({ owner }: ImportTask, collection: Collection, columns: CsvColumns, row: FileRow) {
    if ('flaw' in row) return row.flaw;
    const document: JsonValue = 'value' in row ? row.value : columns.documentOf(row.cells);
    // A CSV record that makes no document.
    if ('cells' in row && typeof document === 'string') return document;
    const { keys, issues } = this.admissions.examine(owner.tenant, collection, document);
    if (issues.length === 0) return { data: document as JsonObject, keys };
    const named = issues.slice(0, NAMED_ISSUES).map(({ path, message }) => `${path} ${message}`.trim());
    const more = issues.length - named.length;
    return named.join('; ') + (more > 0 ? `; and ${more} more` : '');
  }
}

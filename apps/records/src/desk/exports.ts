import { validationError } from '@gantry/errors';
import type { FileFormat } from '@gantry/files';
import { Operations } from '@gantry/jobs';
import type { Principal } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { schemaColumns } from '../files/csv-document.ts';
import { ExportText, PART_LENGTH } from '../files/export-text.ts';
import { planQuery, type FilterClause } from '../domain/record-query.ts';
import { collectionNotFound } from '../domain/refusals.ts';
import { CollectionStore } from '../store/collection.store.ts';
import { ExportStore, type ExportPart } from '../store/export.store.ts';
import { RecordStore, type ListedRecord } from '../store/record.store.ts';
import { Pace } from './pace.ts';

/** Records that are read at once: few before it is known how large they are, then as many as the part has room for. */
const FIRST_PAGE = 2;
const LARGEST_PAGE = 100;

/** What to export. */
export interface ExportRequest {
  readonly collection: string;
  readonly format: FileFormat;
  readonly filter: readonly FilterClause[];
  /** Properties of the documents; all of them without. */
  readonly fields?: readonly string[] | undefined;
}

/** An export that runs. */
export interface ExportTask extends ExportRequest {
  readonly operationId: string;
  /** Aborted when the export is to stop. */
  readonly signal: AbortSignal;
}

/** A part that has been written. */
export interface WrittenPart {
  /** The last record in it, if there is one. */
  readonly last: string | undefined;
  readonly records: number;
  /** In UTF-8. */
  readonly bytes: number;
  /** There are no further records. */
  readonly isLast: boolean;
}

/** Writes files of records, and gives them out. */
@Injectable()
export class Exports {
  constructor(
    private readonly collections: CollectionStore,
    private readonly records: RecordStore,
    private readonly exports: ExportStore,
    private readonly operations: Operations,
  ) {}

  /**
   * Refuses what cannot be exported, and settles what is exported for as long as it takes: columns, first of all.
   *
   * @throws GantryError `collection_not_found`, `validation_error`
   */
  async prepare(request: ExportRequest): Promise<ExportRequest> {
    const { format, filter, fields } = request;
    const { jsonSchema, indexedFields } = await this.#hold(request.collection);
    planQuery(indexedFields, filter, undefined);
    if (format !== 'csv' || fields) return request;
    const columns = schemaColumns(jsonSchema);
    if (columns.length > 0) return { ...request, fields: columns };
    const message = 'must name the columns: the schema of the collection names no properties';
    throw validationError('There would be no columns.', [{ path: '/fields', message }]);
  }

  /**
   * Writes the next part of a file, in the current unit of work: records in the order of creation, those after one.
   *
   * @returns `undefined` if nothing is left to write
   */
  async write(task: ExportTask, part: number, after: string | undefined): Promise<WrittenPart | undefined> {
    const text = new ExportText(task.format, task.fields);
    const pace = new Pace(task.signal);
    let content = part === 1 ? text.header : '';
    let last: string | undefined;
    let records = 0;
    let isLast = false;
    let isFull = false;
    let limit = FIRST_PAGE;
    while (!isLast && !isFull) {
      const page = await this.#page(task, last ?? after, limit);
      for (const { id, data } of page) {
        await pace.keep();
        const line = text.lineOf(data);
        isFull = records > 0 && content.length + line.length > PART_LENGTH;
        if (isFull) break;
        content += line;
        last = id;
        records++;
      }
      isLast = !isFull && page.length < limit;
      const room = (PART_LENGTH - content.length) / (content.length / records);
      limit = Math.min(Math.max(Math.ceil(room), 1), LARGEST_PAGE);
    }
    if (content === '') return undefined;
    await this.exports.addPart(task.operationId, part, content);
    return { last, records, bytes: Buffer.byteLength(content), isLast };
  }

  /**
   * A part of an exported file; the first is 1.
   *
   * @throws GantryError `not_found` for everybody but the owner of the operation
   */
  async part(principal: Principal, operationId: string, part: number): Promise<ExportPart | undefined> {
    await this.operations.status({ principal }, operationId);
    return this.exports.part(operationId, part);
  }

  async #page(
    { collection: name, filter }: ExportTask,
    after: string | undefined,
    limit: number,
  ): Promise<ListedRecord[]> {
    // Held, so that a field keeps the slot that its keys are looked for in.
    const { indexedFields } = await this.#hold(name);
    return this.records.list(name, planQuery(indexedFields, filter, undefined), {
      after: after === undefined ? undefined : [null, after],
      includeDeleted: false,
      limit,
    });
  }

  async #hold(name: string) {
    const collection = await this.collections.hold(name);
    if (!collection) throw collectionNotFound(name);
    return collection;
  }
}

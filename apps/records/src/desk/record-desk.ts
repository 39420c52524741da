import { isDeepStrictEqual } from 'node:util';
import { validationError } from '@gantry/errors';
import { ResourceChanges } from '@gantry/mcp';
import type { Principal } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { Collection } from '../domain/collection.ts';
import type { SlotKeys } from '../domain/indexed-field.ts';
import type { JsonObject } from '../domain/json.ts';
import { mergePatch } from '../domain/merge-patch.ts';
import { planQuery, type FilterClause, type RecordQuery, type SortClause } from '../domain/record-query.ts';
import { expectDeleted, expectLive, expectVersion, type StoredRecord } from '../domain/record.ts';
import { collectionNotFound, recordNotFound, restoredMisfit } from '../domain/refusals.ts';
import { recordUri } from '../resources/uris.ts';
import { CollectionStore } from '../store/collection.store.ts';
import { RecordStore } from '../store/record.store.ts';
import { Admissions } from './admission.ts';

/**
 * What can be done with records. Locks are taken in one order everywhere, the collection before its record, so that
 * changes cannot wait for each other in a circle, and no definition can change under a change of a record.
 */
@Injectable()
export class RecordDesk {
  constructor(
    private readonly collections: CollectionStore,
    private readonly records: RecordStore,
    private readonly admissions: Admissions,
    private readonly changes: ResourceChanges,
  ) {}

  /** Puts a document into a collection. */
  async create(author: Principal, collectionName: string, data: JsonObject): Promise<StoredRecord> {
    const collection = await this.collections.hold(collectionName);
    if (!collection) throw collectionNotFound(collectionName);
    const keys = this.#admit(author, collection, data);
    return this.records.insert(typeid('rec').toString(), collection.name, { data, keys, author });
  }

  /** The record with this id, if it is live or deleted ones are wanted too. */
  async read(id: string, { includeDeleted }: { includeDeleted: boolean }): Promise<StoredRecord> {
    const record = await this.records.find(id);
    if (!record) throw recordNotFound(id);
    if (!includeDeleted) expectLive(record);
    return record;
  }

  /** Works out how to find records in a collection. */
  async plan(
    collectionName: string,
    filter: readonly FilterClause[],
    sort: SortClause | undefined,
  ): Promise<RecordQuery> {
    const collection = await this.collections.find(collectionName);
    if (!collection) throw collectionNotFound(collectionName);
    return planQuery(collection.indexedFields, filter, sort);
  }

  /** Changes a document by a merge patch. A patch that changes nothing makes no version, so it can be repeated. */
  async update(
    author: Principal,
    id: string,
    patch: JsonObject,
    expectedVersion: number | undefined,
  ): Promise<StoredRecord> {
    const { collection, record } = await this.#hold(id);
    expectLive(record);
    expectVersion(record.version, expectedVersion);
    const data = mergePatch(record.data, patch) as JsonObject;
    if (isDeepStrictEqual(data, record.data)) return record;
    const keys = this.#admit(author, collection, data);
    await this.changes.updated(author.tenant, [recordUri(id)]);
    return this.records.update(id, { data, keys, author });
  }

  /** Deletes a record so that it can be restored. */
  async delete(author: Principal, id: string, expectedVersion: number | undefined): Promise<StoredRecord> {
    const { record } = await this.#hold(id);
    expectLive(record);
    expectVersion(record.version, expectedVersion);
    await this.changes.updated(author.tenant, [recordUri(id)]);
    return this.records.setDeleted(id, true, author);
  }

  /** Makes a deleted record live again, if it still fits its collection: definitions only mind live records. */
  async restore(author: Principal, id: string, expectedVersion: number | undefined): Promise<StoredRecord> {
    const { collection, record } = await this.#hold(id);
    expectDeleted(record);
    expectVersion(record.version, expectedVersion);
    const { issues } = this.admissions.examine(author.tenant, collection, record.data);
    if (issues.length > 0) throw restoredMisfit(collection.name, issues);
    await this.changes.updated(author.tenant, [recordUri(id)]);
    return this.records.setDeleted(id, false, author);
  }

  async #hold(id: string): Promise<{ collection: Collection; record: StoredRecord }> {
    const collection = await this.collections.holdForRecord(id);
    const record = collection && (await this.records.lock(id));
    if (!record) throw recordNotFound(id);
    return { collection, record };
  }

  /** @throws GantryError `validation_error` with pointers below `/document` */
  #admit(author: Principal, collection: Collection, document: JsonObject): SlotKeys {
    const { keys, issues } = this.admissions.examine(author.tenant, collection, document);
    if (issues.length === 0) return keys;
    throw validationError(
      `The document does not fit the schema of "${collection.name}".`,
      issues.map(({ path, message }) => ({ path: `/document${path}`, message })),
    );
  }
}

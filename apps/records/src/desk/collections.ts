import { validationError } from '@gantry/errors';
import { ResourceChanges } from '@gantry/mcp';
import type { ToolCall } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import {
  defined,
  redefined,
  type Collection,
  type CollectionDefinition,
  type Redefinition,
} from '../domain/collection.ts';
import { documentKeys, type SlotKeys } from '../domain/indexed-field.ts';
import { expectVersion } from '../domain/record.ts';
import { collectionNotFound, schemaIncompatible, type MisfitRecord } from '../domain/refusals.ts';
import { collectionUri } from '../resources/uris.ts';
import { compileCheck } from '../schema/document-check.ts';
import { schemaIssues } from '../schema/schema-issues.ts';
import { CollectionStore } from '../store/collection.store.ts';
import { RecordStore } from '../store/record.store.ts';
import { Pace } from './pace.ts';

/** Misfits that are shown; the rest is counted. */
const SAMPLE = 5;
const SAMPLE_ISSUES = 5;

/** What came of a definition. */
export interface DefinitionResult {
  readonly outcome: 'created' | 'changed' | 'unchanged';
  readonly collection: Collection;
}

/** Defines collections, and keeps every live record true to its collection's definition. */
@Injectable()
export class Collections {
  constructor(
    private readonly collections: CollectionStore,
    private readonly records: RecordStore,
    private readonly changes: ResourceChanges,
  ) {}

  /**
   * Makes a collection, or changes it if all its records fit the new definition. To define what is there already
   * does nothing, so it can be repeated.
   */
  async define(
    call: Pick<ToolCall, 'signal' | 'principal'>,
    definition: CollectionDefinition,
    expectedVersion: number | undefined,
  ): Promise<DefinitionResult> {
    refuseUnusable(definition);
    const created =
      expectedVersion === undefined && (await this.collections.insert(definition.name, defined(definition)));
    if (created) {
      this.changes.listChanged(call.principal.tenant);
      return { outcome: 'created', collection: created };
    }
    const current = await this.collections.lock(definition.name);
    if (!current) throw collectionNotFound(definition.name);
    expectVersion(current.version, expectedVersion);
    const change = redefined(current, definition);
    if (!change) return { outcome: 'unchanged', collection: current };
    await this.#applyToRecords(call, current.name, change);
    await this.changes.updated(call.principal.tenant, [collectionUri(current.name)]);
    return { outcome: 'changed', collection: await this.collections.update(current.name, change.content) };
  }

  /** One pass over the records in bounded memory. Nobody can add or change one: the collection is locked. */
  async #applyToRecords(
    { signal }: Pick<ToolCall, 'signal'>,
    name: string,
    change: Redefinition,
  ): Promise<void> {
    if (!change.recheck && !change.refile) return;
    const check = change.recheck ? compileCheck(change.content.jsonSchema) : () => [];
    const pace = new Pace(signal);
    const sample: MisfitRecord[] = [];
    let failing = 0;
    for await (const batch of this.records.batches(name)) {
      const filed: { id: string; keys: SlotKeys }[] = [];
      for (const { id, data, live } of batch) {
        await pace.keep();
        const { keys, issues } = documentKeys(data, change.content.indexedFields);
        const misfits = live ? [...pace.time(() => check(data)), ...issues] : [];
        if (misfits.length > 0 && ++failing <= SAMPLE)
          sample.push({ record_id: id, issues: misfits.slice(0, SAMPLE_ISSUES) });
        filed.push({ id, keys });
      }
      if (change.refile && failing === 0) await this.records.refile(filed);
    }
    if (failing > 0) throw schemaIncompatible(failing, sample);
  }
}

function refuseUnusable({ jsonSchema }: CollectionDefinition): void {
  const issues = schemaIssues(jsonSchema).map(({ path, message }) => ({
    path: `/json_schema${path}`,
    message,
  }));
  if (issues.length > 0) throw validationError('The JSON Schema cannot be used.', issues);
}

import { isDeepStrictEqual } from 'node:util';
import { assignSlots, sameSlots, type IndexDeclaration, type IndexedField } from './indexed-field.ts';
import type { JsonObject } from './json.ts';

/** A named set of documents of one kind. */
export interface Collection extends CollectionContent {
  /** Never changes: it is what records and callers refer to. */
  readonly name: string;
  /** 1 when defined, one more with every change of the definition. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The part of a collection that a definition decides. */
export interface CollectionContent {
  readonly title: string | null;
  readonly description: string | null;
  /** JSON Schema 2020-12 that every live document satisfies. */
  readonly jsonSchema: JsonObject;
  readonly indexedFields: readonly IndexedField[];
}

/** What a caller wants a collection to be. What is left out stays as it is. */
export interface CollectionDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly jsonSchema: JsonObject;
  readonly indexedFields?: readonly IndexDeclaration[];
}

/** What has to be done to the records of a collection when its definition changes. */
export interface Redefinition {
  readonly content: CollectionContent;
  /** The schema changed: live documents may not fit it. */
  readonly recheck: boolean;
  /** The indexed fields changed: all documents need other keys. */
  readonly refile: boolean;
}

/** The content of a collection that does not exist yet. */
export function defined(definition: CollectionDefinition): CollectionContent {
  const { title = null, description = null, jsonSchema, indexedFields = [] } = definition;
  return { title, description, jsonSchema, indexedFields: assignSlots([], indexedFields) };
}

/** What a definition changes in a collection that exists; `undefined` if nothing. */
export function redefined(current: Collection, definition: CollectionDefinition): Redefinition | undefined {
  const { title = current.title, description = current.description, jsonSchema } = definition;
  const indexedFields = assignSlots(current.indexedFields, definition.indexedFields ?? current.indexedFields);
  const recheck = !isDeepStrictEqual(jsonSchema, current.jsonSchema);
  const refile = !sameSlots(indexedFields, current.indexedFields);
  if (!recheck && !refile && title === current.title && description === current.description) return undefined;
  return { content: { title, description, jsonSchema, indexedFields }, recheck, refile };
}

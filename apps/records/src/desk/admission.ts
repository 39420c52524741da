import { jsonPointer, type ValidationIssue } from '@gantry/errors';
import { Injectable } from '@nestjs/common';
import type { Collection } from '../domain/collection.ts';
import { documentKeys, type SlotKeys } from '../domain/indexed-field.ts';
import { boundIssues, DOCUMENT_BOUNDS } from '../domain/json-bounds.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { CollectionSchemas } from '../schema/collection-schemas.ts';

/** Where a document is filed, if nothing keeps it out. */
export interface Admission {
  readonly keys: SlotKeys;
  /** With pointers into the document. None: it may be stored. */
  readonly issues: readonly ValidationIssue[];
}

/** Decides which documents a collection takes: all of them pass here, whichever way they come. */
@Injectable()
export class Admissions {
  constructor(private readonly schemas: CollectionSchemas) {}

  /** Looks at a document. The collection is held, so that its definition is still true when the document is stored. */
  examine(tenant: string, collection: Collection, document: JsonValue): Admission {
    const outOfBounds = boundIssues(document, DOCUMENT_BOUNDS);
    if (outOfBounds.length > 0)
      return {
        keys: [],
        issues: outOfBounds.map(({ path, message }) => ({ path: jsonPointer(path), message })),
      };
    const { keys, issues } = documentKeys(document as JsonObject, collection.indexedFields);
    const misfits = this.schemas.checkOf(tenant, collection)(document as JsonObject);
    return { keys, issues: [...misfits, ...issues] };
  }
}

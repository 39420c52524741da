import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Collections } from '../desk/collections.ts';
import { KEY_TYPES } from '../domain/index-key.ts';
import { SLOTS } from '../domain/indexed-field.ts';
import { SCHEMA_BOUNDS } from '../domain/json-bounds.ts';
import { CollectionView, collectionView } from './collection.view.ts';
import { collectionName, fieldPath, storableObject } from './inputs.ts';

const declarations = z
  .array(
    z.strictObject({
      field: fieldPath.describe(
        'Property of the document, or a path into nested objects like "name.common".',
      ),
      type: z.enum(KEY_TYPES).describe('What the field holds; null and absent are allowed too.'),
    }),
  )
  .max(SLOTS)
  .refine(
    (fields) => new Set(fields.map(({ field }) => field)).size === fields.length,
    'must name each field once',
  )
  .optional()
  .describe(`Up to ${SLOTS} fields that list_records can filter and sort by. Left out: as before; []: none.`);

const defineCollection = defineTool({
  name: 'define_collection',
  title: 'Define a collection',
  description:
    'Creates a collection of JSON documents of one kind, or changes the definition of an existing one. Use it before ' +
    'the first create_record of a new kind, to widen a schema, or to index another field. Not for changing documents: ' +
    'that is update_record. A change is made only if every live record fits it; to repeat a definition changes ' +
    'nothing. Returns the collection and whether it was created, changed or unchanged. Errors: schema_incompatible ' +
    '(details tell how many records do not fit, with a sample: relax the schema or correct those records), ' +
    'schema_too_costly (simplify the schema), collection_not_found (expected_version was given but there is no such ' +
    'collection: leave it out to create), version_conflict (somebody changed it: read it with list_collections). ' +
    'At most 30 calls a minute.',
  input: z.strictObject({
    name: collectionName,
    title: z.string().min(1).max(100).optional().describe('Name for people. Left out: as before.'),
    description: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe('What belongs into the collection. Left out: as before.'),
    json_schema: storableObject(
      SCHEMA_BOUNDS,
      'JSON Schema 2020-12 with "type": "object" at the root; all of it, also when it changes. At most 32 KiB and 16 levels; ' +
        '"$ref" only within it ("#/$defs/…"); patterns without look-around.',
    ),
    indexed_fields: declarations,
    expected_version: z
      .int()
      .min(1)
      .max(2_147_483_647)
      .optional()
      .describe('Change the collection only if it has this version. Leave it out to create one.'),
  }),
  output: CollectionView.extend({ outcome: z.enum(['created', 'changed', 'unchanged']) }),
  scopes: ['records:admin'],
  effect: 'update',
  errors: ['schema_incompatible', 'schema_too_costly', 'collection_not_found'],
  limits: { callsPerMinute: 30, concurrent: 5, deadlineMs: 30_000 },
});

/** Creates collections and changes their definitions. */
@Injectable()
@Tool(defineCollection)
export class DefineCollectionTool implements ToolHandler<typeof defineCollection> {
  constructor(private readonly collections: Collections) {}

  async call(
    input: InputOf<typeof defineCollection>,
    call: ToolCall,
  ): Promise<OutputOf<typeof defineCollection>> {
    const { name, title, description, json_schema: jsonSchema, indexed_fields: indexedFields } = input;
    const definition = { name, title, description, jsonSchema, indexedFields };
    const { outcome, collection } = await this.collections.define(call, definition, input.expected_version);
    return { outcome, ...collectionView(collection) };
  }
}

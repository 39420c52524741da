import { z } from 'zod';
import type { Collection } from '../domain/collection.ts';
import { KEY_TYPES } from '../domain/index-key.ts';

/** A collection as callers see it. */
export const CollectionView = z.object({
  name: z.string(),
  version: z.int().describe('Counts changes of the definition.'),
  title: z.string().optional(),
  description: z.string().optional(),
  json_schema: z.looseObject({}).describe('JSON Schema 2020-12 that every document satisfies.'),
  indexed_fields: z
    .array(z.object({ field: z.string(), type: z.enum(KEY_TYPES) }))
    .describe('The fields that list_records can filter and sort by.'),
  created_at: z.string().describe('ISO 8601, UTC.'),
  updated_at: z.string(),
});

/** Presents a collection. */
export function collectionView(collection: Collection): z.input<typeof CollectionView> {
  const { name, version, title, description, jsonSchema, indexedFields, createdAt, updatedAt } = collection;
  return {
    name,
    version,
    ...(title !== null && { title }),
    ...(description !== null && { description }),
    json_schema: jsonSchema,
    indexed_fields: indexedFields.map(({ field, type }) => ({ field, type })),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

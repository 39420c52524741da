import { z } from 'zod';
import { boundIssues, type JsonBounds } from '../domain/json-bounds.ts';
import type { JsonObject } from '../domain/json.ts';
import { FILTER_OPERATORS } from '../domain/record-query.ts';

/** Name of a collection. */
export const collectionName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    'must be lower-case letters, digits and _, starting with a letter, at most 63',
  )
  .describe('Name of the collection, for example "countries".');

/** Id of a record. */
export const recordId = z
  .string()
  .regex(/^rec_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be the id of a record: "rec_" and 26 characters')
  .describe('Id of the record, "rec_…", as create_record and list_records return it.');

/** Optimistic concurrency of a record. */
export const expectedVersion = z
  .int()
  .min(1)
  .max(2_147_483_647)
  .optional()
  .describe(
    'The version your decision is based on. If the record has another one by now, nothing is done and the answer is version_conflict. Leave it out only if any version will do.',
  );

/** Whether deleted records count. */
export const includeDeleted = z
  .boolean()
  .default(false)
  .describe('Return deleted records too; they have a deleted_at.');

/** Which properties of a document to return. */
export const documentFields = z
  .array(z.string().min(1).max(128))
  .min(1)
  .max(50)
  .optional()
  .describe(
    'Names of top-level properties of the document to return. Leave it out to get all; name a few to save tokens.',
  );

/** Name of a field that is, or may be, indexed. */
export const fieldPath = z
  .string()
  .max(200)
  .regex(
    /^[^.]{1,64}(\.[^.]{1,64}){0,4}$/,
    'must be up to 5 names of at most 64 characters, separated by dots',
  );

const scalars = [
  z.string().max(1_000),
  z.number().min(-Number.MAX_VALUE).max(Number.MAX_VALUE),
  z.boolean(),
  z.null(),
] as const;

/** Which records are wanted. */
export const recordFilter = z
  .array(
    z.strictObject({
      field: fieldPath.describe('An indexed field.'),
      op: z.enum(FILTER_OPERATORS),
      value: z
        .union([...scalars, z.array(z.union(scalars)).min(1).max(50)])
        .describe(
          'Of the type of the field; an array for "in". null with "eq" finds records without the field.',
        ),
    }),
  )
  .max(8)
  .default([])
  .describe('Conditions that all have to hold. Only indexed fields; strings compare case-sensitively.');

/** A JSON object that can be stored as it is. Its issues are found before anything walks down into it. */
export function storableObject(bounds: JsonBounds, description: string): z.ZodType<JsonObject> {
  return z
    .unknown()
    .superRefine((value, context) => {
      for (const { path, message } of boundIssues(value, bounds))
        context.addIssue({ code: 'custom', path: [...path], message });
    })
    .meta({ type: 'object', description }) as z.ZodType<JsonObject>;
}

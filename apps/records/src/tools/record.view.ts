import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import type { StoredRecord } from '../domain/record.ts';

/** A record as callers see it. */
export const RecordView = z.object({
  id: z.string(),
  collection: z.string(),
  version: z.int().describe('Send it as expected_version to change exactly what you read.'),
  data: z.looseObject({}).describe('The document, or the properties of it that were asked for.'),
  created_at: z.string().describe('ISO 8601, UTC.'),
  updated_at: z.string(),
  deleted_at: z.string().optional().describe('Absent while the record is live.'),
});

/** A record without its document. */
export const RecordStub = RecordView.omit({ data: true });

/** Presents a record, of its document only the named properties if there are names. */
export function recordView(record: StoredRecord, fields?: readonly string[]): z.input<typeof RecordView> {
  return { ...recordStub(record), data: pickProperties(record.data, fields) };
}

/** Presents a record without its document. */
export function recordStub(record: StoredRecord): z.input<typeof RecordStub> {
  const { id, collection, version, createdAt, updatedAt, deletedAt } = record;
  return {
    id,
    collection,
    version,
    created_at: createdAt,
    updated_at: updatedAt,
    ...(deletedAt !== null && { deleted_at: deletedAt }),
  };
}

/** The named properties of a document, those that it has. Without names, the document. */
export function pickProperties(data: JsonObject, fields: readonly string[] | undefined): JsonObject {
  if (!fields) return data;
  const wanted = new Set(fields);
  return Object.fromEntries(Object.entries(data).filter(([name]) => wanted.has(name)));
}

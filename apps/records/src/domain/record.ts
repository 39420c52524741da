import { recordDeleted, recordNotDeleted, versionConflict } from './refusals.ts';
import type { JsonObject } from './json.ts';

/** A document in a collection, at its latest version. */
export interface StoredRecord {
  /** TypeID `rec_…`; sorts by the time of creation. */
  readonly id: string;
  readonly collection: string;
  /** 1 when created, one more with every change, deletion and restoration. */
  readonly version: number;
  readonly data: JsonObject;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it was deleted; null while it is live. */
  readonly deletedAt: string | null;
}

/** What made a version of a record. */
export const RECORD_CHANGES = ['create', 'update', 'delete', 'restore'] as const;

/** One version of a record, as history keeps it. */
export interface RecordVersion {
  readonly version: number;
  readonly change: (typeof RECORD_CHANGES)[number];
  readonly data: JsonObject;
  readonly changedBy: Author;
  readonly changedAt: string;
}

/** Who changed a record: a subject by means of a client. */
export interface Author {
  readonly subject: string;
  readonly client: string;
}

/** @throws GantryError `version_conflict` if the caller expected another version */
export function expectVersion(current: number, expected: number | undefined): void {
  if (expected !== undefined && expected !== current) throw versionConflict(current, expected);
}

/** @throws GantryError `record_deleted` */
export function expectLive(record: StoredRecord): void {
  if (record.deletedAt) throw recordDeleted(record.id, record.version, record.deletedAt);
}

/** @throws GantryError `record_not_deleted` */
export function expectDeleted(record: StoredRecord): void {
  if (!record.deletedAt) throw recordNotDeleted(record.id, record.version);
}

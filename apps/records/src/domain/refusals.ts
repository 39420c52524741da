import { businessError, sharedError, type GantryError, type ValidationIssue } from '@gantry/errors';

/** A record that does not fit a schema, and why. */
export interface MisfitRecord {
  readonly record_id: string;
  readonly issues: readonly ValidationIssue[];
}

/** The named collection does not exist. */
export function collectionNotFound(name: string): GantryError {
  return businessError(
    'collection_not_found',
    `There is no collection "${name}".`,
    'Call list_collections to see the names there are, or define_collection to make this one.',
  );
}

/** Records that exist do not fit a new definition. */
export function schemaIncompatible(failing: number, sample: readonly MisfitRecord[]): GantryError {
  return businessError(
    'schema_incompatible',
    `${failing} ${failing === 1 ? 'record does' : 'records do'} not fit the new definition; nothing was changed.`,
    'Make the definition accept the records in details.sample, or correct them with update_record, then call define_collection again.',
    { details: { failing_documents: failing, sample } },
  );
}

/** A deleted record does not fit the schema its collection has now. */
export function restoredMisfit(collection: string, issues: readonly ValidationIssue[]): GantryError {
  return businessError(
    'schema_incompatible',
    `The record no longer fits the schema of "${collection}".`,
    'Call create_record with a corrected document instead, or widen the schema with define_collection first.',
    { details: { issues } },
  );
}

/**
 * The schema makes checking a document take longer than a call may cost. Retryable, so that nobody keeps it as the
 * final answer: time also depends on what else the service has to do.
 */
export function schemaTooCostly(): GantryError {
  return businessError(
    'schema_too_costly',
    'Checking documents against the schema takes too long.',
    'Simplify the schema with define_collection: fewer definitions that refer to each other, no uniqueItems on long arrays. Repeat the same call only once: it may have come when the service was very busy.',
    { retryable: true },
  );
}

/** The record has been deleted. */
export function recordDeleted(id: string, version: number, deletedAt: string): GantryError {
  return businessError(
    'record_deleted',
    `Record ${id} is deleted.`,
    'Call restore_record to bring it back, or get_record_history to see what it held.',
    { details: { current_version: version, deleted_at: deletedAt } },
  );
}

/** The record is not deleted, so it cannot be restored. */
export function recordNotDeleted(id: string, version: number): GantryError {
  return businessError(
    'record_not_deleted',
    `Record ${id} is not deleted.`,
    'Nothing needs restoring: call get_record to read it, or update_record to change it.',
    { details: { current_version: version } },
  );
}

/** No such record, or none that this tenant may know of. */
export function recordNotFound(id: string): GantryError {
  return sharedError('not_found', `There is no record ${id}.`, {
    hint: 'Check the id; call list_records to find the record.',
  });
}

/** Somebody else was faster. */
export function versionConflict(current: number, expected: number): GantryError {
  return sharedError('version_conflict', `The current version is ${current}, not ${expected}.`, {
    details: { current_version: current },
  });
}

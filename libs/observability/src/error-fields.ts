import { GantryError } from '@gantry/errors';

/**
 * Fields that errors of Node and Postgres carry and that name no data. Not the others: a driver's error holds the
 * statement and its parameters, a constraint violation quotes the row.
 */
const TELLING = [
  'code',
  'errno',
  'syscall',
  'severity',
  'schema_name',
  'table_name',
  'constraint_name',
] as const;

/** An error as data: type, message, stack, cause and what else tells the reader something. For logs alone. */
export function errorFields(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack };
  for (const key of TELLING) {
    if (key in error) fields[key] = (error as unknown as Record<string, unknown>)[key];
  }
  if (error instanceof GantryError) fields['error_id'] = error.errorId;
  if (error instanceof AggregateError) fields['errors'] = error.errors;
  if (error.cause !== undefined) fields['cause'] = error.cause;
  return fields;
}

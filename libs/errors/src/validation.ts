import { sharedError, type GantryError } from './gantry-error.ts';

/** One thing wrong with an input. */
export interface ValidationIssue {
  /** JSON Pointer (RFC 6901) to the field; empty for the whole input. */
  path: string;
  message: string;
}

/** More than this many issues are not listed; nobody reads them and hostile input makes thousands. */
const MAX_ISSUES = 20;

/** A JSON Pointer (RFC 6901) made of keys and indexes. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A `validation_error` that points at each wrong field. */
export function validationError(message: string, issues: readonly ValidationIssue[]): GantryError {
  return sharedError('validation_error', message, {
    details: {
      issues: issues.slice(0, MAX_ISSUES),
      ...(issues.length > MAX_ISSUES && { issues_omitted: issues.length - MAX_ISSUES }),
    },
  });
}

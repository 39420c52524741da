export type { ErrorCategory, ErrorEnvelope } from './envelope.ts';
export {
  asGantryError,
  businessError,
  GantryError,
  sharedError,
  type ErrorExtras,
  type GantryErrorOptions,
} from './gantry-error.ts';
export { isSharedErrorCode, SHARED_ERRORS, type SharedErrorCode } from './shared-codes.ts';
export { jsonPointer, validationError, type ValidationIssue } from './validation.ts';

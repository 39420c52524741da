import type { ErrorCategory } from './envelope.ts';

interface SharedError {
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly hint: string;
}

/** Errors that any tool may answer with, without declaring them. */
export const SHARED_ERRORS = {
  validation_error: {
    category: 'client_error',
    retryable: false,
    hint: 'Correct the fields named in details.issues and call again.',
  },
  not_found: {
    category: 'client_error',
    retryable: false,
    hint: 'Check the id; list the collection it belongs to if unsure.',
  },
  permission_denied: {
    category: 'client_error',
    retryable: false,
    hint: 'Ask for a token with the scopes in details.required_scopes.',
  },
  idempotency_key_required: {
    category: 'client_error',
    retryable: false,
    hint: 'Add an idempotency_key and reuse the same key whenever you repeat the same intent.',
  },
  idempotency_conflict: {
    category: 'client_error',
    retryable: false,
    hint: 'This key was used with other arguments. Repeat the original arguments, or use a new key for a new intent.',
  },
  idempotency_in_flight: {
    category: 'client_error',
    retryable: true,
    hint: 'The first call with this key is still running. Wait, then repeat the same call with the same key.',
  },
  version_conflict: {
    category: 'client_error',
    retryable: false,
    hint: 'Read the current version, decide again, and call with that expected_version.',
  },
  rate_limited: {
    category: 'client_error',
    retryable: true,
    hint: 'Wait retry_after_seconds, then repeat the same call.',
  },
  input_required: {
    category: 'client_error',
    retryable: true,
    hint: 'Repeat the same call with the answers to its questions.',
  },
  cancelled: {
    category: 'client_error',
    retryable: true,
    hint: 'The call was cancelled and changed nothing. Repeat it if it is still wanted.',
  },
  timeout: {
    category: 'server_error',
    retryable: true,
    hint: 'Repeat the same call with the same idempotency_key.',
  },
  dependency_unavailable: {
    category: 'server_error',
    retryable: true,
    hint: 'Wait retry_after_seconds, then repeat the same call with the same idempotency_key.',
  },
  internal_error: {
    category: 'server_error',
    retryable: false,
    hint: 'Report error_id to the operator of this service.',
  },
} as const satisfies Record<string, SharedError>;

/** Name of a shared error. */
export type SharedErrorCode = keyof typeof SHARED_ERRORS;

/** Tells whether a code belongs to the shared set. */
export function isSharedErrorCode(code: string): code is SharedErrorCode {
  return Object.hasOwn(SHARED_ERRORS, code);
}

/** Who has to act: the caller changes the call, the business says no, or the service failed. */
export type ErrorCategory = 'client_error' | 'business_error' | 'server_error';

/** The one shape in which every failed tool call reaches a caller. Field names are wire format. */
export interface ErrorEnvelope {
  /** What went wrong, in one sentence, for a person or a model. */
  error: string;
  /** Stable snake_case name: one of the tool's declared errors or of the shared set. */
  code: string;
  category: ErrorCategory;
  /** True only if the very same call can succeed later. */
  retryable: boolean;
  /** The next sensible action; names a tool where there is one. */
  hint: string;
  retry_after_seconds?: number;
  /** Finds the full story in the logs. */
  error_id: string;
  details?: Record<string, unknown>;
}

import type { ErrorCategory } from '@gantry/errors';
import { z } from 'zod';

/** Why another server refused a call: its error envelope without its texts, and within bounds. */
export interface Refusal {
  /** Stable name out of the tool's `errors` or the shared set. */
  readonly code: string;
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  /** Finds the full story in that server's logs. */
  readonly errorId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Details that are longer as JSON are for nobody who decides by them. */
const MAX_DETAILS = 16_384;

const details = z
  .record(z.string(), z.unknown())
  .refine((value) => JSON.stringify(value).length <= MAX_DETAILS);

/** What decides has to be right; what only says more is left out if it is not. */
const envelope = z.object({
  code: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  category: z.enum(['client_error', 'business_error', 'server_error']),
  retryable: z.boolean(),
  retry_after_seconds: z.number().min(0).max(86_400).optional().catch(undefined),
  error_id: z
    .string()
    .regex(/^\w{1,64}$/)
    .optional()
    .catch(undefined),
  details: details.optional().catch(undefined),
});

/** Reads the error envelope that a Gantry server puts into a result; `undefined` if it is none. */
export function readRefusal(structuredContent: unknown): Refusal | undefined {
  const { data } = envelope.safeParse(structuredContent);
  if (data === undefined) return undefined;
  const { retry_after_seconds: retryAfterSeconds, error_id: errorId, ...said } = data;
  return { ...said, retryAfterSeconds, errorId };
}

/** Codes of calls that were given up, or come second, while the tool may be at work. */
const UNDECIDED = new Set(['cancelled', 'idempotency_in_flight']);

/**
 * Does the refusal say that nothing was done, and nothing is being done? A server that failed on the way to an effect
 * outside its database cannot know.
 */
export function isDefinite({ category, code }: Refusal): boolean {
  return category !== 'server_error' && !UNDECIDED.has(code);
}

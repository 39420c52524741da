import { GantryError, type ErrorEnvelope } from '@gantry/errors';
import { failure, success, type Outcome } from '@gantry/pipeline';

/** Largest answer that is kept, as bytes of JSON. */
export const MAX_ANSWER_BYTES = 1_048_576;

/** An outcome as it is kept in the database. */
export type StoredAnswer = { readonly output: Record<string, unknown> } | { readonly error: ErrorEnvelope };

/** Can repeating the call never give another outcome? Only such an outcome is kept. */
export function isFinal(outcome: Outcome): boolean {
  return outcome.ok || outcome.error.isFinal;
}

/**
 * The text to keep.
 *
 * @throws Error if it is too large: what cannot be replayed must not take effect either
 */
export function storedText(outcome: Outcome): string {
  const answer: StoredAnswer = outcome.ok
    ? { output: outcome.output }
    : { error: outcome.error.toEnvelope() };
  const text = JSON.stringify(answer);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_ANSWER_BYTES) {
    throw new Error(
      `An answer of ${bytes} bytes is too large to be replayed; at most ${MAX_ANSWER_BYTES} are kept.`,
    );
  }
  return text;
}

/** The outcome that was kept. */
export function storedOutcome(answer: StoredAnswer): Outcome {
  return 'output' in answer ? success(answer.output) : failure(GantryError.fromEnvelope(answer.error));
}

import { GantryError, SHARED_ERRORS, type ValidationIssue } from '@gantry/errors';
import type { z } from 'zod';
import type { RunningCall } from './call.ts';

/** What a tool asks the person behind the client. */
export interface Question<Schema extends z.ZodObject = z.ZodObject> {
  /** Says what is decided, and on what: the person may see nothing else of the call. */
  readonly message: string;
  /** The form: a flat object of strings, numbers, booleans and enums. */
  readonly schema: Schema;
}

/** What the person said: filled in the form, said no, or closed it without saying anything. */
export type Answer<Schema extends z.ZodObject = z.ZodObject> =
  | { readonly action: 'accept'; readonly content: z.output<Schema> }
  | { readonly action: 'decline' | 'cancel' };

/** A question as it goes out. */
export interface AskedQuestion {
  readonly message: string;
  /** JSON Schema of the form. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/**
 * Ends a call that needs answers first. Not final, so the unit of work rolls back and no answer is kept; clients get
 * the questions, not an error.
 */
export class InputRequired extends GantryError {
  /**
   * @param questions - by key
   * @param requestState - what the client has to send back with the answers; empty until the elicitation stage sets it
   */
  constructor(
    readonly questions: Readonly<Record<string, AskedQuestion>>,
    readonly requestState = '',
  ) {
    super({
      ...SHARED_ERRORS.input_required,
      code: 'input_required',
      message: 'The call needs an answer of the person behind the client.',
    });
  }
}

/**
 * A `validation_error` for answers that do not count. Unlike others it is not final: the call without them, or with
 * other ones, may succeed under the same idempotency key, so it must not be kept as the answer to that key.
 */
export class AnswerRefused extends GantryError {
  /** @param tool - name of the tool that was called */
  constructor(tool: string, message: string, issues: readonly ValidationIssue[]) {
    super({
      ...SHARED_ERRORS.validation_error,
      code: 'validation_error',
      message,
      hint: `Call ${tool} anew, with the same arguments but without requestState and inputResponses: it asks again if it has to.`,
      details: { issues },
    });
  }

  override get isFinal(): boolean {
    return false;
  }
}

/** How a call begins: it can ask nobody until the elicitation stage says so. */
export const cannotAsk: Pick<RunningCall, 'canAsk' | 'ask'> = {
  canAsk: false,
  ask: () =>
    Promise.reject(
      new Error(
        'This call can ask nobody: only a tool that writes may ask, and only if call.canAsk is true.',
      ),
    ),
};

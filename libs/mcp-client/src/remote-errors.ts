import { GantryError, SHARED_ERRORS } from '@gantry/errors';
import type { Refusal } from './refusal.ts';

/** Which tool of which server was called. */
export interface RemoteTool {
  readonly server: string;
  readonly tool: string;
}

/** What a caller of ours sees if nobody handles the error: our words, and whether to come again. */
function inOurWords(message: string, retryable: boolean, retryAfterSeconds?: number, cause?: unknown) {
  return retryable
    ? {
        ...SHARED_ERRORS.dependency_unavailable,
        code: 'dependency_unavailable',
        message,
        retryAfterSeconds: retryAfterSeconds ?? 1,
        cause,
      }
    : { ...SHARED_ERRORS.internal_error, code: 'internal_error', message, cause };
}

/**
 * A definite no: the server has decided, and nothing was done. {@link RemoteRefusal.refusal} says why; handle the codes
 * that you know. What is passed on unhandled says nothing of it to the caller.
 */
export class RemoteRefusal extends GantryError {
  constructor(
    readonly remote: RemoteTool,
    readonly refusal: Refusal,
    cause?: unknown,
  ) {
    const message = `${remote.server} refused what this call needs.`;
    super(inOurWords(message, refusal.retryable, refusal.retryAfterSeconds, cause));
  }
}

/** It certainly did not happen, or there was nothing to happen: the call may be made again. */
export class RemoteUnavailable extends GantryError {
  /** Somebody has to change a configuration before calling again can help. */
  readonly misconfigured: boolean;

  constructor(
    readonly remote: RemoteTool,
    {
      misconfigured = false,
      retryAfterSeconds,
      cause,
    }: { misconfigured?: boolean; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    const message = `${remote.server} cannot be used at the moment; nothing was done there.`;
    super(inOurWords(message, !misconfigured, retryAfterSeconds, cause));
    this.misconfigured = misconfigured;
  }
}

/** It may or may not have happened. Ask the server, or repeat the call with the same idempotency key; nothing else. */
export class RemoteOutcomeUnknown extends GantryError {
  constructor(
    readonly remote: RemoteTool,
    {
      message = `${remote.server} has not said whether this was done.`,
      retryable = true,
      retryAfterSeconds,
      cause,
    }: { message?: string; retryable?: boolean; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(inOurWords(message, retryable, retryAfterSeconds, cause));
  }
}

/**
 * The server answered, with what its contract does not allow, so nobody can tell what it did. Repeating the call will
 * not help: somebody has to look. The cause says what was wrong, for the log.
 */
export class RemoteContractBroken extends RemoteOutcomeUnknown {
  constructor(remote: RemoteTool, what: string, cause?: unknown) {
    super(remote, {
      message: `${remote.server} gave an answer that cannot be used.`,
      retryable: false,
      cause: new Error(`${remote.server} broke the contract of ${remote.tool}: ${what}`, { cause }),
    });
  }
}

import { GantryError, sharedError } from '@gantry/errors';

/** What Node and undici (the `fetch` of Node) call a connection that cannot be made, is lost, or is silent. */
const NETWORK_CODES = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** `fetch` hides the reason one or two causes deep; deeper chains are not about the network. */
const MAX_CAUSES = 4;

/**
 * The default answer to "may another attempt cure this?": a {@link GantryError} says so itself; anything else does
 * if the network made it, or an `AbortSignal.timeout()`.
 */
export function isTransient(error: unknown): boolean {
  return error instanceof GantryError ? error.retryable : isNetworkError(error);
}

function isNetworkError(error: unknown): boolean {
  let link = error as Partial<Error & { code: unknown }> | null | undefined;
  for (let depth = 0; depth < MAX_CAUSES && typeof link === 'object' && link !== null; depth += 1) {
    if (link.name === 'TimeoutError' || NETWORK_CODES.has(String(link.code))) return true;
    link = link.cause as typeof link;
  }
  return false;
}

/** The caller went away, which says nothing about the dependency. */
export function isCancelled(error: unknown): boolean {
  return error instanceof GantryError && error.code === 'cancelled';
}

/** The time for an attempt, or for the whole call, is up. */
export function timedOut(dependency: string): GantryError {
  return sharedError('timeout', `${dependency} did not answer in time.`, { retryAfterSeconds: 1 });
}

/** Why a call ends because its signal was aborted. */
export function endingOf(signal: AbortSignal): GantryError {
  if (signal.reason instanceof GantryError) return signal.reason;
  return sharedError('cancelled', 'The call was cancelled.', { cause: signal.reason });
}

/** The dependency was asked and failed, for all the attempts that it was given. */
export function unavailable(dependency: string, cause: unknown): GantryError {
  return sharedError('dependency_unavailable', `${dependency} is not available.`, {
    retryAfterSeconds: 1,
    cause,
  });
}

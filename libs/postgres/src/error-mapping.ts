import { GantryError, sharedError } from '@gantry/errors';

/** SQLSTATEs that say the server is going, gone or full. */
const UNAVAILABLE_STATES = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '25P03', '25P04']);

/** SQLSTATE classes: connection exception, insufficient resources. */
const UNAVAILABLE_CLASSES = new Set(['08', '53']);

/** What Node and postgres.js call a connection that cannot be made or is lost. */
const CONNECTION_CODES = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Serialization failure and deadlock: the other transaction won. */
const COLLISIONS = new Set(['40001', '40P01']);

/** Statement timeout or cancel, lock timeout. */
const TIMEOUTS = new Set(['57014', '55P03']);

/** Every query of a transaction that has failed already gets this. */
export const IN_FAILED_TRANSACTION = '25P02';

const READ_ONLY_TRANSACTION = '25006';

/**
 * What a caller is told about a database error that says nothing about the call itself. `undefined` for all
 * others (a violated constraint, wrong SQL): the domain handles them, or they end as `internal_error`.
 */
export function asDatabaseError(error: unknown): Error | undefined {
  if (error instanceof GantryError) return error;
  const code = sqlState(error);
  if (code === undefined) return undefined;
  if (TIMEOUTS.has(code)) return timeoutError(error);
  if (COLLISIONS.has(code)) return collision(error);
  if (isStalePlan(error, code)) return collision(error);
  if (isConnectionLoss(code)) return unavailable('The database is not available.', error);
  if (code === READ_ONLY_TRANSACTION) {
    return new Error(
      'A read unit of work must not write: use Database.write, or give the tool another effect.',
      {
        cause: error,
      },
    );
  }
  return undefined;
}

/** The SQLSTATE of a Postgres error, or the code of a connection error. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** A `dependency_unavailable` that is worth another try in a second. */
export function unavailable(message: string, cause?: unknown): GantryError {
  return sharedError('dependency_unavailable', message, { retryAfterSeconds: 1, cause });
}

/** The call's time is up. */
export function timeoutError(cause?: unknown): GantryError {
  return sharedError('timeout', 'The call took longer than it may and was undone.', { cause });
}

/** Why a unit of work whose signal was aborted has failed. */
export function abortError(signal: AbortSignal): GantryError {
  if (signal.reason instanceof GantryError) return signal.reason;
  return sharedError('cancelled', 'The call was cancelled and undone.', { cause: signal.reason });
}

function collision(cause: unknown): GantryError {
  return unavailable('The call collided with another one and was undone.', cause);
}

function isConnectionLoss(code: string): boolean {
  return (
    CONNECTION_CODES.has(code) || UNAVAILABLE_STATES.has(code) || UNAVAILABLE_CLASSES.has(code.slice(0, 2))
  );
}

/** A migration changed a table while this connection had a statement prepared for it; the next try prepares anew. */
function isStalePlan(error: unknown, code: string): boolean {
  return code === '0A000' && (error as { routine?: unknown }).routine === 'RevalidateCachedQuery';
}

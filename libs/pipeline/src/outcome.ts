import type { GantryError } from '@gantry/errors';

/** How a call ended. Stages never see a rejected promise from `next`, only an outcome. */
export type Outcome = Success | Failure;

/** The call was done. */
export interface Success {
  readonly ok: true;
  readonly output: Record<string, unknown>;
}

/** The call was refused or failed. */
export interface Failure {
  readonly ok: false;
  readonly error: GantryError;
}

/** Wraps what a handler returned. */
export function success(output: Record<string, unknown>): Success {
  return { ok: true, output };
}

/** Wraps why a call did not happen. */
export function failure(error: GantryError): Failure {
  return { ok: false, error };
}

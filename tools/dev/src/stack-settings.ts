import { resolve } from 'node:path';

/** Where the development stack listens and keeps its state. */
export interface StackSettings {
  /** First port; every part of the stack has its own distance from it. */
  readonly portBase: number;
  readonly stateDirectory: string;
}

/** Settings that cannot be worked with; the message is for the person at the terminal. */
export class StackError extends Error {}

/** The variable that moves all ports. */
export const PORT_BASE_VARIABLE = 'GANTRY_PORT_BASE';

/** The variable with a test key of Stripe, for payments to use Stripe itself in place of the simulator. */
export const STRIPE_KEY_VARIABLE = 'GANTRY_STRIPE_KEY';

const DEFAULT_PORT_BASE = 7400;
const HIGHEST_PORT_BASE = 65_000;

/** Distance of the authorization server's port from the base. */
export const AUTHORIZATION_PORT_OFFSET = 0;

/** Distance of Postgres' port from the base. */
export const POSTGRES_PORT_OFFSET = 32;

/**
 * Reads `GANTRY_PORT_BASE` and `GANTRY_STATE_DIR`. A relative directory is relative to `root`. With Stripe it is another
 * one than with the simulator: neither knows the payments of the other.
 */
export function readStackSettings(env: NodeJS.ProcessEnv, root: string): StackSettings {
  const text = env[PORT_BASE_VARIABLE] || String(DEFAULT_PORT_BASE);
  const portBase = Number(text);
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > HIGHEST_PORT_BASE) {
    throw new StackError(
      `${PORT_BASE_VARIABLE} is '${text}'; it must be a whole number from 1024 to ${HIGHEST_PORT_BASE}.`,
    );
  }
  const defaultDirectory = env[STRIPE_KEY_VARIABLE] ? '.gantry-stripe' : '.gantry';
  return { portBase, stateDirectory: resolve(root, env['GANTRY_STATE_DIR'] || defaultDirectory) };
}

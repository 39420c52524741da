import type { Fleet } from '../fleet/fleet.ts';

/** Something that goes wrong, again and again, while clients are at work. */
export interface Fault {
  readonly name: string;
  /** Whether this machine has what it takes; it has, unless told otherwise. */
  isPossible?(fleet: Fleet): boolean;
  /**
   * Strikes until the signal is aborted, then makes everything whole again.
   *
   * @returns how often it struck, and where
   */
  strike(fleet: Fleet, signal: AbortSignal): Promise<readonly string[]>;
}

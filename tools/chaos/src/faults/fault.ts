import type { Fleet } from '../fleet/fleet.ts';
import type { LoadFigures } from '../load/load-figures.ts';
import type { Range } from './wait.ts';

/** Something that goes wrong, again and again, while clients are at work. */
export interface Fault {
  readonly name: string;
  /** From one strike to the next, in milliseconds. */
  readonly betweenMs: Range;
  /** How many strikes may be under way at once; one, unless told otherwise. */
  readonly atOnce?: number;
  /** How many different things it does by turns: it strikes at least so often. */
  readonly ways?: number;
  /** Whether calls may hang past their deadline: only where whoever should answer them is frozen. */
  readonly mayHang?: boolean;
  /** Whether this machine has what it takes; it has, unless told otherwise. */
  isPossible?(fleet: Fleet): boolean;
  /** Whether clients have felt it: if not, it has shown nothing. */
  isFelt?(figures: LoadFigures): boolean;
  /**
   * Strikes once, and makes everything whole again.
   *
   * @param turn - how often it was struck before
   * @returns what was hit, or how
   */
  strike(fleet: Fleet, turn: number): Promise<string>;
}

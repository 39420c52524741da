import { z } from 'zod';

const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

/** A boolean setting: `true`, `1`, `false` or `0`. Add `.default(…)` or `.optional()` as usual. */
export function flag() {
  return z
    .enum(['true', 'false', '1', '0'], 'expected true, false, 1 or 0')
    .transform((text) => FLAGS[text] === true);
}

/**
 * A comma-separated list; spaces around items are dropped, empty items refused.
 *
 * @param item - what each item has to be
 */
export function list<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().min(1, 'must not be empty').pipe(item)));
}

import { z } from 'zod';

const text = z
  .string({ error: ({ input }) => (input === undefined || input === null ? 'is missing' : 'must be text') })
  .trim()
  // JSON can say what a database cannot store.
  .refine((value) => !value.includes('\0') && value.isWellFormed(), 'has a character that cannot be stored');

/** Text that a row must have, without the space around it. */
export function requiredText(most: number) {
  return text.min(1, 'is empty').max(most, `is longer than ${most} characters`);
}

/** Text that a row may have; null if there is none. */
export function optionalText(most: number) {
  return text
    .max(most, `is longer than ${most} characters`)
    .nullish()
    .transform((value) => value || null);
}

/** By which rows are known again: never taken for an id. */
export function rowName(prefix: string) {
  return requiredText(64)
    .refine((name) => !name.startsWith(prefix), `must not begin with "${prefix}"`)
    .refine((name) => !/[\u0000-\u001f\u007f-\u009f]/.test(name), 'must be one line');
}

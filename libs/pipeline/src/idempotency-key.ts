import { z } from 'zod';

/**
 * The `idempotency_key` of a write call. The catalogue adds it to the input of every tool that takes one.
 *
 * Control characters are refused: they never come from a key that was chosen, only from one that was damaged,
 * and Postgres cannot store NUL.
 */
export const idempotencyKey = z
  .string()
  .min(8)
  .max(200)
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not contain control characters')
  .describe(
    'Names what you intend, so that repeating the call cannot do it twice. Choose it once per intent, for ' +
      'example "order-cart-7f3a" or a UUID, and send the same key with the same arguments whenever you repeat ' +
      'that intent, above all after a timeout or an error: you then get the first answer again. A different ' +
      'intent needs a different key; a used key with other arguments is refused with idempotency_conflict.',
  );

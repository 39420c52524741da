import { jsonPointer } from '@gantry/errors';
import { isCurrency, MAX_AMOUNT } from '@gantry/money';
import { z } from 'zod';
import { findCardNumber, type JsonPath } from '../domain/card-number.ts';
import { cardNumberRefused } from '../domain/refusals.ts';

/** The error that every tool may answer with, for its `errors`. */
export const CARD_NUMBER_REFUSED = 'card_number_refused';

/** What a description says of it. */
export const NO_CARD_NUMBERS =
  'card_number_refused (the input holds what looks like a card number: send a payment method token)';

/**
 * The input of a tool of this service: strict, and without card numbers anywhere, in unknown fields and the
 * idempotency key as well. A test holds every tool to it.
 *
 * The refusal is thrown and not added as an issue: it stands alone, so that no message about something else, such as a
 * key that is not known, repeats the number.
 */
export function paymentInput<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).superRefine(
    (value, context) => {
      const unread = context.issues as readonly { input?: unknown; path?: PropertyKey[] }[];
      refuseCardNumber(value, []);
      for (const { input, path = [] } of unread) refuseCardNumber(input, path as JsonPath);
    },
    { when: () => true },
  );
}

function refuseCardNumber(value: unknown, at: JsonPath): void {
  const path = findCardNumber(value);
  if (path) throw cardNumberRefused(jsonPointer([...at, ...path]));
}

/** Id of a payment. */
export const paymentId = z
  .string()
  .regex(/^pay_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be the id of a payment: "pay_" and 26 characters')
  .describe('Id of the payment, "pay_…", as process_payment and list_payments return it.');

/** An ISO 4217 code. */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be three upper-case letters')
  .refine(isCurrency, 'is no currency of ISO 4217 that can be paid in')
  .describe('ISO 4217 code in upper case, for example "EUR".');

const amount = z.int().min(1).max(MAX_AMOUNT);

/** Part of a payment. */
export const partialAmount = amount
  .optional()
  .describe('In minor units of the currency of the payment. Leave it out for all that is possible.');

/** What is the same for all tools that charge. */
export const newPayment = {
  amount: amount.describe('In minor units: 1234 is 12.34 EUR, 1234 JPY, 1.234 KWD.'),
  currency,
  payment_method: z
    .string()
    .regex(/^(pm|card|src|ba)_\w{1,200}$/, 'must be a token of the provider such as pm_…')
    .describe('Token of what is charged, "pm_…", as the provider issued it. Never a card number.'),
  description: z.string().min(1).max(500).optional().describe('What is paid for, in words.'),
  reference: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("The merchant's own name for it, such as an order id. list_payments finds payments by it."),
};

/** What a tool that charges hands to the desk. */
export function wantedPayment(input: z.output<z.ZodObject<typeof newPayment>>) {
  const { amount, currency, payment_method: paymentMethod, description, reference } = input;
  return { amount, currency, paymentMethod, description: description ?? null, reference: reference ?? null };
}

import { Stripe } from 'stripe';
import { ConnectionFailed } from './stripe-http-client.ts';

/** Words of an API, in which no card number, name or address fits. */
const WORD = /^[A-Za-z][A-Za-z_]{0,79}$/;

/**
 * What the log may know of a failure of Stripe: its words, and the id of the request, by which Stripe's own log finds
 * the rest. Stripe's error itself goes nowhere: its message may repeat what was sent, and it carries the whole intent.
 */
export class StripeFault extends Error {
  override readonly name = 'StripeFault';
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(error: unknown) {
    const stripe = error instanceof Stripe.errors.StripeError ? error : undefined;
    super(wordsOf(error, stripe).join(' '));
    this.status = stripe?.statusCode;
    this.requestId = /^req_[A-Za-z0-9]{1,40}$/.test(stripe?.requestId ?? '') ? stripe?.requestId : undefined;
  }
}

function wordsOf(error: unknown, stripe: Stripe.errors.StripeError | undefined): string[] {
  const connection = stripe?.detail ?? error;
  const words = stripe
    ? [stripe.type, stripe.rawType, stripe.code, stripe.decline_code, stripe.param]
    : [error instanceof Error ? error.name : undefined];
  if (connection instanceof ConnectionFailed) words.push(connection.reason);
  return words.filter((word) => word !== undefined && WORD.test(word)) as string[];
}

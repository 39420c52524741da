import { AsyncLocalStorage } from 'node:async_hooks';

/** One request to Stripe, and how far it has come: what decides whether it can have had an effect. */
export class StripeExchange {
  /** Something was there to take the request. What fails before that has not happened; what fails after it may have. */
  sent = false;

  /** @param signal - ends the request, and keeps one that was not sent from ever being sent */
  constructor(readonly signal: AbortSignal) {}
}

/** The SDK takes neither a signal nor anything else of ours along to its HTTP client, so this does. */
export const currentExchange = new AsyncLocalStorage<StripeExchange>();

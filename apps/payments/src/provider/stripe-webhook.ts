import { Stripe } from 'stripe';
import type { ProviderEvent } from './payment-provider.ts';
import { WebhookRefused } from './provider-failures.ts';
import { toEvent } from './stripe-objects.ts';

/**
 * Reads a webhook of Stripe after checking that Stripe has signed it, and when.
 *
 * @throws WebhookRefused without the SDK's error, which carries the whole body
 */
export function readStripeWebhook(
  stripe: Stripe,
  body: string,
  signature: string | undefined,
  { secret, toleranceSeconds }: { readonly secret: string | undefined; readonly toleranceSeconds: number },
): ProviderEvent {
  if (secret === undefined) throw new WebhookRefused('not_configured');
  if (signature === undefined || body === '') throw new WebhookRefused('no_signature');
  // The SDK only refuses what is too old; what was signed long after now could be replayed for as long.
  const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1]);
  const age = Date.now() / 1000 - signedAt;
  let event: Stripe.Event;
  try {
    event = stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError))
      throw new WebhookRefused('malformed');
    throw new WebhookRefused(age > toleranceSeconds ? 'too_old' : 'wrong_signature');
  }
  if (age < -toleranceSeconds) throw new WebhookRefused('wrong_signature');
  try {
    return toEvent(event);
  } catch {
    throw new WebhookRefused('malformed');
  }
}

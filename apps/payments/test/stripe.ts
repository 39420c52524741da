import { Config } from '@gantry/config';
import { Metrics } from '@gantry/observability';
import { Resilience, type DependencyOptions } from '@gantry/resilience';
import { randomUUID } from 'node:crypto';
import type {
  NewIntent,
  PaymentProvider,
  ProviderCommand,
  ProviderQuery,
} from '../src/provider/payment-provider.ts';
import { stripeProvider, type StripeProvider } from '../src/provider/stripe-provider.ts';
import { stripeSettings } from '../src/provider/stripe.config.ts';

/** Our side of Stripe, with a key made for it; what is retried is retried at once. */
export function providerOf(url: string, options: DependencyOptions = {}, timeoutMs = 20_000): StripeProvider {
  const config = Config.of([stripeSettings], {
    MCP_PAYMENTS_STRIPE_KEY: `sk_test_${randomUUID().replaceAll('-', '')}`,
    MCP_PAYMENTS_STRIPE_URL: url,
    MCP_PAYMENTS_STRIPE_TIMEOUT_MS: String(timeoutMs),
  });
  const resilience = new Resilience({ registry: new Metrics().registry });
  return stripeProvider(config, resilience, { backoff: { firstMs: 1, maxMs: 2 }, ...options });
}

/** A command that was never given before. */
export const command = (query: ProviderQuery = {}): ProviderCommand => ({
  idempotencyKey: randomUUID(),
  ...query,
});

export const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** Twenty euros by a card that works. */
export function visa(different: Partial<NewIntent> = {}): NewIntent {
  return {
    operationId: 'pop_1',
    money: eur(2_000),
    paymentMethod: 'pm_card_visa',
    captureMethod: 'automatic',
    metadata: { tenant: 'acme' },
    ...different,
  };
}

/** A payment that is not confirmed yet. */
export const made = (by: PaymentProvider, different?: Partial<NewIntent>) =>
  by.create(visa(different), command());

/** One whose money is held. */
export async function held(by: PaymentProvider) {
  const { id } = await made(by, { captureMethod: 'manual' });
  return by.confirm(id, command());
}

/** One whose money has been taken. */
export async function paid(by: PaymentProvider) {
  const { id } = await made(by);
  return by.confirm(id, command());
}

/** Why something failed that has to. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: Error) => error,
  );
}

import { afterEach } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { startSimulator, type Simulator, type SimulatorOptions } from '../src/index.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Ends something with the test. */
export function afterTest(close: () => Promise<void>): void {
  closing.push(close);
}

/** A simulator that ends with the test. */
export async function running(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator(options);
  afterTest(() => simulator.close());
  return simulator;
}

/** The official SDK, told where the simulator is and nothing else. */
export function stripeFor({ host, port }: { host: string; port: number }): Stripe {
  return new Stripe(testKey(), { host, port, protocol: 'http', maxNetworkRetries: 0 });
}

export function testKey(): string {
  return `sk_test_${randomBytes(12).toString('hex')}`;
}

/** What the SDK throws. */
export async function failureOf(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error(`Expected an error of Stripe, not ${String(error)}`);
}

/** The parameters of a payment that would succeed. */
export const VISA = {
  amount: 2_000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  allowed_payment_method_types: ['card'],
} satisfies Stripe.PaymentIntentCreateParams;

import { describe, expect, it } from '@jest/globals';
import { SERVICES } from './services.ts';
import { withStripe } from './with-stripe.ts';

const payments = (env: NodeJS.ProcessEnv) =>
  withStripe(SERVICES, env).find(({ name }) => name === 'payments')!;

describe('withStripe', () => {
  it('leaves everything as it is without a key', () => {
    expect(withStripe(SERVICES, {})).toBe(SERVICES);
  });

  it('gives payments the key and takes the simulator away', () => {
    const env = { GANTRY_STRIPE_KEY: 'sk_test_abc', GANTRY_STRIPE_WEBHOOK_SECRET: 'whsec_abc' };
    const { simulator, secrets } = payments(env);
    expect(simulator).toBeUndefined();
    expect(secrets).toMatchObject([
      { variable: 'MCP_PAYMENTS_STRIPE_KEY', given: 'sk_test_abc' },
      { variable: 'MCP_PAYMENTS_STRIPE_WEBHOOK_SECRET', given: 'whsec_abc' },
    ]);
  });

  it('leaves the webhook secret to chance if there is none', () => {
    const { secrets } = payments({ GANTRY_STRIPE_KEY: 'rk_test_abc' });
    expect(secrets?.map(({ given }) => given)).toEqual(['rk_test_abc', undefined]);
  });

  it.each(['sk_live_abc', 'pk_test_abc', 'abc'])('refuses %s, and does not repeat it', (key) => {
    expect(() => payments({ GANTRY_STRIPE_KEY: key })).toThrow(
      /^GANTRY_STRIPE_KEY is no key of Stripe's test mode/,
    );
    expect(() => payments({ GANTRY_STRIPE_KEY: key })).not.toThrow(key);
  });
});

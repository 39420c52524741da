import type { ServiceEntry } from './service-entry.ts';
import { StackError, STRIPE_KEY_VARIABLE } from './stack-settings.ts';

/** A secret or restricted key of Stripe's test mode: no card is ever charged with it. */
const TEST_KEY = /^[sr]k_test_\w+$/;

/** The variable with what `stripe listen` prints. Without it, webhooks are refused. */
const WEBHOOK_SECRET_VARIABLE = 'GANTRY_STRIPE_WEBHOOK_SECRET';

/** The services as they are, or, if there is a test key in the environment, payments with Stripe and no simulator. */
export function withStripe(
  services: readonly ServiceEntry[],
  env: NodeJS.ProcessEnv,
): readonly ServiceEntry[] {
  const key = env[STRIPE_KEY_VARIABLE];
  if (!key) return services;
  if (!TEST_KEY.test(key)) {
    throw new StackError(
      `${STRIPE_KEY_VARIABLE} is no key of Stripe's test mode (sk_test_… or rk_test_…); the development stack takes no other.`,
    );
  }
  const given = new Map([
    ['stripe-key', key],
    ['stripe-webhook-secret', env[WEBHOOK_SECRET_VARIABLE]],
  ]);
  return services.map((entry) =>
    entry.name === 'payments'
      ? {
          ...entry,
          simulator: undefined,
          secrets: entry.secrets?.map((secret) => ({ ...secret, given: given.get(secret.name) })),
        }
      : entry,
  );
}

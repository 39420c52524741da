import type { SettingsOf } from '@gantry/config';
import { Stripe } from 'stripe';
import { StripeHttpClient } from './stripe-http-client.ts';
import type { stripeSettings } from './stripe.config.ts';

/** The version whose shapes the adapter was written against. The types of the SDK hold for no other. */
const API_VERSION = '2026-10-28.endive';

/**
 * The official SDK, made to do exactly one request when it is asked for one.
 *
 * @throws TypeError if a live key would leave for somewhere else than Stripe
 */
export function stripeClient({ key, url }: SettingsOf<typeof stripeSettings>): Stripe {
  return new Stripe('', {
    apiVersion: API_VERSION,
    // Retries are those of @gantry/resilience, which knows budgets, deadlines and what may be repeated.
    maxNetworkRetries: 0,
    httpClient: new StripeHttpClient(),
    telemetry: false,
    typescript: true,
    // Asked for with every request, so that a key that was rotated is used at once.
    authenticator: async ({ headers }) => {
      headers.Authorization = `Bearer ${key.value()}`;
    },
    ...(url !== undefined && addressOf(url, key.value())),
  });
}

function addressOf(text: string, key: string) {
  const url = new URL(text);
  if (key.includes('_live_')) throw new TypeError('A live key is not sent to MCP_PAYMENTS_STRIPE_URL.');
  if (url.pathname !== '/' || url.search !== '')
    throw new TypeError('MCP_PAYMENTS_STRIPE_URL must have neither path nor query.');
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return {
    protocol,
    // Without the brackets of an IPv6 address.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (protocol === 'http' ? 80 : 443) : Number(url.port),
  } as const;
}

import { defineSettings, secret, setting } from '@gantry/config';
import { z } from 'zod';

/** How Stripe is reached. */
export const stripeSettings = defineSettings('stripe', {
  key: secret(
    'MCP_PAYMENTS_STRIPE_KEY',
    z.string().regex(/^[sr]k_(test|live)_\w+$/, 'must be a secret or restricted key'),
    {
      description: 'Secret or restricted API key of the Stripe account.',
    },
  ),
  url: setting(
    'MCP_PAYMENTS_STRIPE_URL',
    z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    {
      description:
        'Where the API is, if not at Stripe: the simulator of the development stack. Not with a live key.',
    },
  ),
  webhookSecret: secret('MCP_PAYMENTS_STRIPE_WEBHOOK_SECRET', z.string().min(16).optional(), {
    description: 'Signing secret of the webhook endpoint (whsec_…). Without it every webhook is refused.',
  }),
  webhookToleranceSeconds: setting(
    'MCP_PAYMENTS_STRIPE_WEBHOOK_TOLERANCE_SECONDS',
    // 0 would make the SDK take webhooks of any age.
    z.coerce.number().int().min(1).max(3_600).default(300),
    { description: 'How old the signature of a webhook may be.' },
  ),
  timeoutMs: setting(
    'MCP_PAYMENTS_STRIPE_TIMEOUT_MS',
    z.coerce.number().int().min(100).max(60_000).default(8_000),
    {
      description: 'How long one request may take before it is given up, in milliseconds.',
    },
  ),
});

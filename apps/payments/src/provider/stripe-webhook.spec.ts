import { afterEach, describe, expect, it } from '@jest/globals';
import { Config } from '@gantry/config';
import { Metrics } from '@gantry/observability';
import { signature, startSimulator } from '@gantry/psp-simulator';
import { Resilience } from '@gantry/resilience';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { ProviderEvent } from './payment-provider.ts';
import { WebhookRefused } from './provider-failures.ts';
import { stripeProvider, type StripeProvider } from './stripe-provider.ts';
import { stripeSettings } from './stripe.config.ts';

const SECRET = `whsec_${randomUUID()}`;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function providerWith(more: Record<string, string> = {}): StripeProvider {
  const config = Config.of([stripeSettings], {
    MCP_PAYMENTS_STRIPE_KEY: `sk_test_${randomUUID().replaceAll('-', '')}`,
    MCP_PAYMENTS_STRIPE_WEBHOOK_SECRET: SECRET,
    ...more,
  });
  return stripeProvider(config, new Resilience({ registry: new Metrics().registry }));
}

const now = () => Math.floor(Date.now() / 1000);

describe('webhooks of Stripe', () => {
  it('say what has happened to which payment, in whatever order they come', async () => {
    const events: ProviderEvent[] = [];
    const receiver = createServer((request, response) => {
      void (async () => {
        let body = '';
        for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
        events.push(providerWith().parseWebhook(body, request.headers['stripe-signature'] as string));
        response.end();
      })();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    closing.push(() => receiver.close());
    const { port } = receiver.address() as AddressInfo;
    const simulator = await startSimulator({ webhook: { url: `http://127.0.0.1:${port}`, secret: SECRET } });
    closing.push(() => simulator.close());
    simulator.webhooks.behave({ hold: true });

    const provider = providerWith({ MCP_PAYMENTS_STRIPE_URL: simulator.url });
    const command = () => ({ idempotencyKey: randomUUID() });
    const money = { amount: 900, currency: 'EUR' };
    const { id: intentId } = await provider.create(
      {
        operationId: 'pop_1',
        money,
        paymentMethod: 'pm_card_visa',
        captureMethod: 'automatic',
        metadata: { tenant: 't' },
      },
      command(),
    );
    await provider.confirm(intentId, command());
    const refund = await provider.refund({ operationId: 'pop_2', intentId, money }, command());
    await simulator.webhooks.release('reversed');

    expect(events.map(({ type }) => type)).toEqual([
      'charge.refunded',
      'refund.created',
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
    ]);
    for (const event of events)
      expect(event).toMatchObject({
        intentId,
        id: expect.stringMatching(/^evt_/),
        occurredAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    expect(events[1]).toMatchObject({ refundId: refund.id, metadata: { operation_id: 'pop_2' } });
    expect(events[2]).toMatchObject({ metadata: { operation_id: 'pop_1', tenant: 't' } });
    expect(events[2]).not.toHaveProperty('refundId');
  });

  const BODY = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'customer.created',
    created: 1_700_000_000,
    data: { object: { object: 'customer', id: 'cus_1' } },
  });

  it('may be about nothing of ours', () => {
    expect(providerWith().parseWebhook(BODY, signature(BODY, SECRET))).toEqual({
      id: 'evt_1',
      type: 'customer.created',
      occurredAt: '2023-11-14T22:13:20.000Z',
      metadata: {},
    });
  });

  it.each<[WebhookRefused['reason'], string, string, string | undefined]>([
    ['no_signature', 'without a signature', BODY, undefined],
    ['no_signature', 'without a body', '', signature('', SECRET)],
    ['wrong_signature', 'of somebody else', BODY, signature(BODY, 'whsec_of_somebody_else')],
    ['wrong_signature', 'that was changed', `${BODY} `, signature(BODY, SECRET)],
    ['wrong_signature', 'without a time', BODY, signature(BODY, SECRET).replace(/^t=\d+,/, '')],
    ['wrong_signature', 'from the future', BODY, signature(BODY, SECRET, now() + 1_000)],
    ['too_old', 'from long ago', BODY, signature(BODY, SECRET, now() - 1_000)],
    ['malformed', 'that is no JSON', '4242424242424242', signature('4242424242424242', SECRET)],
    ['malformed', 'that is no event', '{}', signature('{}', SECRET)],
  ])('are refused as %s: one %s', (reason, _, body, header) => {
    const provider = providerWith();
    let error: unknown;
    try {
      provider.parseWebhook(body, header);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(WebhookRefused);
    expect(error).toMatchObject({ reason });
    expect(inspect(error, { depth: 9 })).not.toMatch(/4242|evt_1|whsec/);
  });

  it('live as long as the operator says', () => {
    const provider = providerWith({ MCP_PAYMENTS_STRIPE_WEBHOOK_TOLERANCE_SECONDS: '3600' });
    const old = signature(BODY, SECRET, now() - 3_000);
    expect(provider.parseWebhook(BODY, old)).toMatchObject({ id: 'evt_1' });
  });

  it('are all refused without a secret', () => {
    const provider = providerWith({ MCP_PAYMENTS_STRIPE_WEBHOOK_SECRET: '' });
    expect(() => provider.parseWebhook(BODY, signature(BODY, ''))).toThrow('not_configured');
  });
});

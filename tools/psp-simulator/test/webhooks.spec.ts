import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Stripe from 'stripe';
import { afterTest, running, stripeFor, VISA } from './running.ts';

/** A server that takes webhooks, checks them as the SDK does, and answers as it is told. */
async function receiver(answer: (calls: number) => number = () => 200) {
  const secret = `whsec_${randomBytes(16).toString('hex')}`;
  const received: Stripe.Event[] = [];
  let calls = 0;
  const verifier = stripeFor({ host: 'nowhere', port: 1 });
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
      const event = verifier.webhooks.constructEvent(body, request.headers['stripe-signature']!, secret);
      const status = answer((calls += 1));
      if (status === 200) received.push(event);
      response.writeHead(status).end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterTest(async () => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  return { webhook: { url, secret, retryMs: [10, 10] }, received, calls: () => calls };
}

const types = (events: Stripe.Event[]) => events.map(({ type }) => type);
const PAID = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'];

describe('webhooks', () => {
  it('are signed and tell what has happened', async () => {
    const { webhook, received } = await receiver();
    const simulator = await running({ webhook });
    const { id } = await stripeFor(simulator).paymentIntents.create({ ...VISA, confirm: true });
    await simulator.webhooks.settled();
    expect(types(received).sort()).toEqual([...PAID].sort());
    expect(received.find(({ type }) => type === 'payment_intent.succeeded')).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      data: { object: { id, status: 'succeeded' } },
      livemode: false,
    });
  });

  it('are sent again until they are acknowledged', async () => {
    const { webhook, received, calls } = await receiver((call) => (call < 3 ? 500 : 200));
    const simulator = await running({ webhook });
    await stripeFor(simulator).paymentIntents.create(VISA);
    await simulator.webhooks.settled();
    expect(types(received)).toEqual(['payment_intent.created']);
    expect(calls()).toBe(3);
    expect(simulator.webhooks.held).toEqual([]);
  });

  it('are sent twice on demand', async () => {
    const { webhook, received } = await receiver();
    const simulator = await running({ webhook });
    simulator.webhooks.behave({ duplicates: 1, scatterMs: 20 });
    await stripeFor(simulator).paymentIntents.create(VISA);
    await simulator.webhooks.settled();
    expect(received).toHaveLength(2);
    expect(received[0]!.id).toBe(received[1]!.id);
  });

  it('are held on demand and let go in another order', async () => {
    const { webhook, received } = await receiver();
    const simulator = await running({ webhook });
    simulator.webhooks.behave({ hold: true });
    await stripeFor(simulator).paymentIntents.create({ ...VISA, confirm: true });
    expect(simulator.webhooks.held.map(({ type }) => type)).toEqual(PAID);
    expect(received).toEqual([]);
    await simulator.webhooks.release('reversed');
    expect(types(received)).toEqual(PAID.toReversed());
    await stripeFor(simulator).paymentIntents.create({ ...VISA, confirm: true });
    await simulator.webhooks.release('shuffled');
    expect(received).toHaveLength(6);
  });

  it('that were not acknowledged wait for the next start', async () => {
    const { webhook, received } = await receiver((call) => (call <= 3 ? 503 : 200));
    const simulator = await running({ webhook });
    await stripeFor(simulator).paymentIntents.create(VISA);
    await simulator.webhooks.settled();
    expect(received).toEqual([]);
  });
});

import { sendRaw, waitFor } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { startCollector, type Collector } from './collector.ts';
import { Market } from './market.ts';
import { key } from './shop.ts';

jest.setTimeout(60_000);
let collector: Collector;
let market: Market;
beforeAll(async () => {
  collector = await startCollector();
  market = await Market.open({ MCP_OTLP_ENDPOINT: collector.url });
}, 120_000);
afterAll(async () => {
  await market?.close();
  await collector?.close();
});

describe('one trace', () => {
  it('follows pay_order through orders, payments and records, the job for the receipt included', async () => {
    const { id } = (await market.shop.place()) as { id: string };
    const traceId = randomBytes(16).toString('hex');
    const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
    const args = { order_id: id, payment_method: 'pm_card_visa', idempotency_key: key() };
    const { running } = market.shop;
    const params = { name: 'pay_order', arguments: args, _meta: { traceparent } };
    const { json } = await sendRaw(running.url, await running.token(), { method: 'tools/call', params });
    expect(json.result).toMatchObject({ structuredContent: { state: 'paid' } });
    const spans = await waitFor(() => {
      const found = collector.spansOf(traceId);
      return found.some(({ service }) => service === 'records') ? found : undefined;
    }, 40_000);
    const named = spans.map(({ service, name, kind }) => `${service} ${kind} ${name}`);
    expect(named).toEqual(
      expect.arrayContaining([
        'orders server tools/call pay_order',
        'orders client tools/call process_payment',
        'payments server tools/call process_payment',
        'orders client tools/call create_record',
        'records server tools/call create_record',
      ]),
    );
    // Each is the child of the one that called it.
    for (const tool of ['process_payment', 'create_record']) {
      const [client, server] = ['client', 'server'].map((kind) =>
        spans.filter((span) => span.kind === kind && span.name === `tools/call ${tool}`),
      );
      for (const span of server!) expect(client!.map(({ spanId }) => spanId)).toContain(span.parentSpanId);
    }
  });
});

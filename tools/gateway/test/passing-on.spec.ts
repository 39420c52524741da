import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sendRaw, waitFor } from '@gantry/testing';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConnectionOptions } from 'node:tls';
import { startGateway, type Gateway } from '../src/nginx.ts';
import { describeWithNginx } from './describe-with-nginx.ts';
import { getUntidied, internet } from './internet.ts';
import { startStub, type StubServer } from './stub-server.ts';

describeWithNginx('the gateway', () => {
  const direct = fetch;
  let gateway: Gateway;
  let records: StubServer;
  let payments: StubServer;
  let orders: StubServer;

  beforeAll(async () => {
    records = await startStub();
    payments = await startStub((_request, response) => {
      response.writeHead(403, {
        'www-authenticate': 'Bearer error="insufficient_scope"',
        'retry-after': '7',
      });
      response.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"from payments"}}');
    });
    orders = await startStub((_request, response) => {
      // Unlike Gantry's, it does not say that its stream must not be buffered.
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': first\n\n');
    });
    gateway = await startGateway({
      records: records.address,
      payments: payments.address,
      orders: orders.address,
    });
    globalThis.fetch = internet(gateway);
  });

  afterAll(async () => {
    globalThis.fetch = direct;
    await gateway?.stop();
    await Promise.all([records?.close(), payments?.close(), orders?.close()]);
  });

  it('hands the service what the client said, and the truth about the client', async () => {
    await sendRaw(gateway.url('records'), 'secret', {
      method: 'tools/call',
      params: { name: 'get_record' },
      headers: {
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'http',
        'x-request-id': 'mine',
      },
    });
    const { url, headers } = records.requests.at(-1)!;
    expect(url).toBe('/mcp');
    expect(headers).toMatchObject({
      host: 'records.example.com',
      authorization: 'Bearer secret',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'get_record',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'records.example.com',
      'x-forwarded-proto': 'https',
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('hands the client what the service said, and the id under which its log has the request', async () => {
    const { status, headers, json } = await sendRaw(gateway.url('payments'), 'secret', {
      method: 'tools/call',
      params: { name: 'get_payment' },
      headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    });
    expect([status, json.error?.message]).toEqual([403, 'from payments']);
    expect(headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    expect(headers.get('retry-after')).toBe('7');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('server')).toBe('nginx');
    const log = await gateway.logOf(headers);
    expect(log).toMatchObject({
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      client: '127.0.0.1',
      host: 'payments.example.com',
      method: 'POST',
      path: '/mcp',
      mcp_method: 'tools/call',
      mcp_name: 'get_payment',
      status: 403,
      upstream: payments.address,
    });
    expect(JSON.stringify(log)).not.toContain('secret');
  });

  it('keeps connections to the services open', async () => {
    const before = records.connections;
    for (let call = 0; call < 10; call++) await sendRaw(gateway.url('records'), 'x');
    // One worker or the other takes a request.
    expect(records.connections - before).toBeLessThanOrEqual(2);
  });

  it('takes webhooks for payments alone', async () => {
    const webhook = (service: 'payments' | 'orders') =>
      fetch(new URL('/webhooks/stripe', gateway.url(service)), { method: 'POST', body: '{}' });
    expect((await webhook('payments')).status).toBe(403);
    expect(payments.requests.at(-1)).toMatchObject({ method: 'POST', url: '/webhooks/stripe' });
    expect((await webhook('orders')).status).toBe(404);
  });

  it('passes on what is streamed at once, even from a server that does not ask for it', async () => {
    const leaving = new AbortController();
    const { body } = await fetch(gateway.url('orders'), {
      method: 'POST',
      body: '{}',
      signal: leaving.signal,
    });
    const { value } = await body!.getReader().read();
    expect(new TextDecoder().decode(value)).toBe(': first\n\n');
    expect(orders.requests.at(-1)!.socket.destroyed).toBe(false);
    leaving.abort();
    await waitFor(() => orders.requests.at(-1)!.socket.destroyed);
  });

  it.each([
    ['told', () => ({ body: 'x'.repeat(3_000_000) })],
    ['not told', () => ({ body: ReadableStream.from(slowly()), duplex: 'half' as const })],
  ])('does not bother a service with a large body, its size %s before', async (_when, sent) => {
    const before = records.requests.length;
    const answer = await fetch(gateway.url('records'), { method: 'POST', ...sent() });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32_000 } });
    expect(records.requests).toHaveLength(before);
  });

  async function* slowly(): AsyncGenerator<Uint8Array> {
    for (let part = 0; part < 4; part++) {
      yield new Uint8Array(400_000);
      await sleep(50);
    }
  }

  it('knows no other host', async () => {
    await expect(getUntidied(gateway, 'other.example.com', '/mcp')).rejects.toThrow(/unrecognized name/);
    await expect(handshake({ servername: '' })).rejects.toThrow(/unrecognized name/);
    expect(await getUntidied(gateway, 'other.example.com', '/mcp', 'records.example.com')).toBe(421);
  });

  it('speaks TLS 1.2 and later', async () => {
    const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    expect(await handshake({})).toBe('TLSv1.3');
    await expect(handshake({ ...old, maxVersion: 'TLSv1.1' })).rejects.toThrow(/protocol version/);
    await expect(handshake({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' })).rejects.toThrow(
      /handshake failure/,
    );
  });

  async function handshake(options: ConnectionOptions): Promise<string | null> {
    const { port, certificate: ca } = gateway;
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'records.example.com', ...options });
    await once(socket, 'secureConnect');
    const protocol = socket.getProtocol();
    socket.destroy();
    return protocol;
  }

  it('bounds how much one address may have open', async () => {
    const leaving = new AbortController();
    const before = orders.requests.length;
    const open = Array.from({ length: 200 }, () =>
      fetch(gateway.url('orders'), { method: 'POST', body: '{}', signal: leaving.signal }),
    );
    await waitFor(() => orders.requests.length === before + 200, 20_000);
    const refused = await sendRaw(gateway.url('records'), 'x');
    expect(refused).toMatchObject({ status: 429, json: { id: null, error: { code: -32_000 } } });
    expect(refused.headers.get('retry-after')).toBe('5');
    leaving.abort();
    await Promise.allSettled(open);
    await waitFor(async () => (await sendRaw(gateway.url('records'), 'x')).status === 200);
  });
});

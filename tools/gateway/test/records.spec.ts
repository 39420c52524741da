import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectLegacy, connectModern, freePort, sendRaw, waitFor, type McpClient } from '@gantry/testing';
import { randomUUID } from 'node:crypto';
import { startGateway, type Gateway } from '../src/nginx.ts';
import { describeWithNginx } from './describe-with-nginx.ts';
import { getUntidied, internet } from './internet.ts';
import { startRecords, type RecordsService } from './records-service.ts';

describeWithNginx('records behind the gateway', () => {
  const direct = fetch;
  let gateway: Gateway;
  let records: RecordsService;
  let port: number;
  let url: string;
  let token: string;

  beforeAll(async () => {
    port = await freePort();
    gateway = await startGateway({ records: `127.0.0.1:${port}` });
    url = gateway.url('records');
    records = await startRecords(port, url);
    token = await records.token();
    // Official clients and sendRaw take the one of the process.
    globalThis.fetch = internet(gateway);
  }, 120_000);

  afterAll(async () => {
    globalThis.fetch = direct;
    await records?.close();
    await gateway?.stop();
  });

  async function makeNote(client: McpClient): Promise<string> {
    await client.callTool('define_collection', { name: 'notes', json_schema: { type: 'object' } });
    const { structuredContent } = await client.callTool('create_record', {
      collection: 'notes',
      document: { text: 'first' },
      idempotency_key: randomUUID(),
    });
    return structuredContent!['id'] as string;
  }

  it.each([
    ['of today', connectModern],
    ['of yesterday', connectLegacy],
  ])('serves official clients %s over TLS', async (_when, connect) => {
    const client: McpClient = await connect(url, token);
    expect((await client.listTools()).map(({ name }) => name)).toContain('create_record');
    const id = await makeNote(client);
    const { structuredContent } = await client.callTool('get_record', { record_id: id });
    expect(structuredContent).toMatchObject({ id, data: { text: 'first' } });
    await client.close();
  });

  it('passes on a change while the stream is open, and the end of listening', async () => {
    const listener = await connectModern(url, token);
    const writer = await connectModern(url, token);
    const id = await makeNote(writer);
    const heard: string[] = [];
    listener.raw.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard.push(params.uri);
    });
    const uri = `records://records/${id}`;
    const subscription = await listener.raw.listen({ resourceSubscriptions: [uri] });
    expect(await listeners()).toBe(1);
    await writer.callTool('update_record', { record_id: id, expected_version: 1, patch: { text: 'second' } });
    await waitFor(() => heard.length > 0);
    expect(heard).toEqual([uri]);
    expect(await listeners()).toBe(1);
    await subscription.close();
    await waitFor(async () => (await listeners()) === 0);
    await Promise.all([listener.close(), writer.close()]);
  });

  async function listeners(): Promise<number> {
    const metrics = await (await direct(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^mcp_listeners (\d+)$/m.exec(metrics)![1]);
  }

  it('sends a client without a token to metadata that it can read, of the public resource', async () => {
    const refusal = await sendRaw(url, undefined);
    expect(refusal.status).toBe(401);
    const challenge = refusal.headers.get('www-authenticate');
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(challenge ?? '')?.[1];
    expect(metadataUrl).toBe(new URL('/.well-known/oauth-protected-resource/mcp', url).href);
    for (const place of [metadataUrl!, metadataUrl!.replace(/\/mcp$/, '')]) {
      expect(await (await fetch(place)).json()).toMatchObject({ resource: url });
    }
  });

  it('takes bodies as large as the service does, and not a byte more', async () => {
    const limit = 1_048_576;
    const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const send = (bytes: number, to = url) => sendRaw(to, token, { body: message.padEnd(bytes) });
    const taken = await send(limit);
    // It was read: what is missing was noticed.
    expect(taken.json.error?.message).toContain('_meta');
    expect(await gateway.logOf(taken.headers)).toMatchObject({ upstream: `127.0.0.1:${port}` });
    const refused = await send(limit + 1);
    expect(refused).toMatchObject({
      status: 413,
      json: { error: { code: -32_000, message: 'The body is larger than 1 MiB' } },
    });
    expect(await gateway.logOf(refused.headers)).toMatchObject({ status: 413, upstream: '' });
    // Nothing of it was written to disk.
    expect(gateway.errorLog).not.toContain('temporary file');
    // What the service would have said, had it been asked.
    globalThis.fetch = direct;
    expect((await send(limit + 1, `http://127.0.0.1:${port}/mcp`)).status).toBe(413);
    globalThis.fetch = internet(gateway);
  });

  it('lets tokens through that are as long as the service takes them', async () => {
    const answer = await sendRaw(url, 'x'.repeat(8_192));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it.each([
    '/health',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/metrics?/mcp',
    '/mcp/../metrics',
    '/mcp/..%2fmetrics',
    '/.well-known/oauth-protected-resource/../../metrics',
    '//metrics',
    '/%6detrics',
    '/metrics/',
    '/webhooks/stripe',
    '/',
  ])('does not expose %s', async (path) => {
    expect(await getUntidied(gateway, 'records.example.com', path)).toBe(404);
  });

  it.each(['/metrics;/../mcp', '/metrics%3f/../mcp', '/metrics%23/../mcp'])(
    'asks the service for /mcp alone, even if the path was %s',
    async (path) => {
      // The endpoint takes nothing but POST.
      expect(await getUntidied(gateway, 'records.example.com', path)).toBe(405);
    },
  );

  it('tells official clients what to do when the service is gone', async () => {
    const client = await connectModern(url, token);
    await records.kill();
    await expect(client.callTool('list_collections')).rejects.toThrow(/did not answer.+same idempotency_key/);
    await client.close();
  });
});

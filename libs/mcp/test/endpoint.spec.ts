import { sendRaw } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { startFixture, type Fixture } from './fixture.ts';
import { callRaw } from './raw-client.ts';

let fixture: Fixture;
let token: string;

beforeAll(async () => {
  fixture = await startFixture({ MCP_MAX_BODY_BYTES: '4096' });
  token = await fixture.token('things:write');
});
afterAll(() => fixture.close());

describe('who may speak', () => {
  it('refuses a request without a token, and says where to get one', async () => {
    const answer = await sendRaw(fixture.url, undefined);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain(
      'resource_metadata="http://fixture.example/.well-known/oauth-protected-resource/mcp"',
    );
    expect(answer.json.error?.message).toMatch(/token/);
  });

  it('refuses a bad token as invalid_token', async () => {
    const answer = await sendRaw(fixture.url, 'not.a.token');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('refuses a tool call that lacks a scope with 403 and all scopes that are needed', async () => {
    const reader = await fixture.token('things:read');
    const answer = await callRaw(fixture.url, reader, 'create_thing', {
      mood: 'good',
      idempotency_key: 'k-12345678',
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(answer.headers.get('www-authenticate')).toContain('scope="things:write"');
    expect(answer.json.id).toBe(1);
  });

  it('answers 503, not 401, while tokens cannot be checked', async () => {
    const lonely = await startFixture();
    const good = await lonely.token('things:read');
    await lonely.issuer.close();
    const answer = await sendRaw(lonely.url, good);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    await lonely.close();
  });

  it.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['a Host with a user in it', { host: 'evil@127.0.0.1' }],
    ['a Host with a path in it', { host: '127.0.0.1/evil' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an Origin that is no URL', { origin: 'null' }],
  ])('refuses %s with 403', async (_name, headers) => {
    const status = await new Promise<number>((resolve, reject) => {
      request(
        fixture.url,
        { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
        (res) => {
          res.resume();
          resolve(res.statusCode!);
        },
      )
        .on('error', reject)
        .end('{}');
    });
    expect(status).toBe(403);
  });

  it('accepts the host of its audience and a local web page', async () => {
    const answer = await sendRaw(fixture.url, token, { headers: { origin: 'http://localhost:6274' } });
    expect(answer.status).toBe(200);
  });
});

describe('what may be said', () => {
  it.each(['GET', 'DELETE', 'PUT'])('refuses %s with 405', async (httpMethod) => {
    const answer = await sendRaw(fixture.url, token, { httpMethod });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('refuses another media type with 415', async () => {
    expect((await sendRaw(fixture.url, token, { headers: { 'content-type': 'text/plain' } })).status).toBe(
      415,
    );
  });

  it.each([
    ['nothing', '', -32700],
    ['half a message', '{"jsonrpc":"2.0",', -32700],
    ['a scalar', '42', -32600],
    ['null', 'null', -32600],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', -32600],
    ['deep nesting', '['.repeat(2_000), -32700],
    ['deep objects', '{"a":'.repeat(500) + '1' + '}'.repeat(500), -32700],
    ['an id that a double cannot hold', '{"jsonrpc":"2.0","id":9007199254740993,"method":"nope"}', -32700],
    [
      'long digits in strings are no number',
      '{"jsonrpc":"2.0","id":"9007199254740993","method":"nope"}',
      -32601,
    ],
    [
      'brackets in strings are not nesting',
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'nope', params: { a: '[{'.repeat(500) + '"' } }),
      -32601,
    ],
  ])('answers %s with a JSON-RPC error', async (_name, body, code) => {
    const answer = await sendRaw(fixture.url, token, {
      body,
      method: 'nope',
      headers: { 'mcp-protocol-version': undefined },
    });
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).toContain(`"code":${code}`);
  });

  it('refuses a body that is not UTF-8', async () => {
    const response = await fetch(fixture.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('-32700');
  });

  it('refuses a large body with 413, declared or not, and the client can read the answer', async () => {
    const large = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: { pad: 'x'.repeat(1_000_000) },
    });
    const declared = await sendRaw(fixture.url, token, { body: large });
    expect(declared.status).toBe(413);
    const undeclared = await new Promise<number>((resolve, reject) => {
      const req = request(
        fixture.url,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${token}`,
            'transfer-encoding': 'chunked',
          },
        },
        (res) => {
          res.resume();
          resolve(res.statusCode!);
        },
      );
      req.on('error', reject);
      for (let at = 0; at < large.length; at += 10_000) req.write(large.slice(at, at + 10_000));
      req.end();
    });
    expect(undeclared).toBe(413);
  });

  it.each([
    ['a missing Mcp-Method', { 'mcp-method': undefined }, 400],
    ['a wrong Mcp-Method', { 'mcp-method': 'tools/call' }, 400],
    ['a wrong protocol version', { 'mcp-protocol-version': '1999-01-01' }, 400],
  ])('refuses %s', async (_name, headers, status) => {
    const answer = await sendRaw(fixture.url, token, { headers });
    expect(answer.status).toBe(status);
    expect(answer.json.error).toBeDefined();
  });

  it('answers an unknown method with 404, an unknown tool and a used cursor with -32602', async () => {
    expect((await sendRaw(fixture.url, token, { method: 'no/such' })).status).toBe(404);
    expect((await callRaw(fixture.url, token, 'no_such', {})).json.error?.code).toBe(-32602);
    expect((await sendRaw(fixture.url, token, { params: { cursor: 'abc' } })).json.error?.code).toBe(-32602);
  });

  it('reads resources by scope; a missing, hidden or broken one tells nothing', async () => {
    const read = (uri: string, by = token) =>
      sendRaw(fixture.url, by, { method: 'resources/read', params: { uri } });
    const greeting = await read('test://greeting');
    expect(greeting.json.result).toMatchObject({
      contents: [{ text: 'hello' }],
      ttlMs: 5_000,
      cacheScope: 'private',
    });
    expect((await read('test://none')).json.error?.code).toBe(-32602);
    expect((await read('test://broken')).json.error?.code).toBe(-32602);
    const admin = await fixture.token('things:admin');
    const broken = await read('test://broken', admin);
    expect(broken.json.error).toMatchObject({ code: -32603, data: { code: 'internal_error' } });
    expect(broken.text).not.toContain('secret stack');
    const listed = await sendRaw(fixture.url, token, { method: 'resources/list' });
    expect(listed.json.result?.['resources']).toEqual([expect.objectContaining({ uri: 'test://greeting' })]);
    const templates = await sendRaw(fixture.url, token, { method: 'resources/templates/list' });
    expect(templates.json.result?.['resourceTemplates']).toEqual([]);
  });
});

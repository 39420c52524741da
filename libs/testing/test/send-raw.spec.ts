import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../src/index.ts';

let server: Server;
let url: string;
let received: IncomingMessage & { body: string };
let answer = '{}';

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received = Object.assign(request, { body });
      response.writeHead(207, { 'x-answered': 'yes' }).end(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

describe('a raw request', () => {
  it('is one of 2026-07-28, whole, unless told otherwise', async () => {
    await sendRaw(url, 'abc', {
      method: 'tools/call',
      params: { name: 'get_order', _meta: { progressToken: 1 } },
      capabilities: { elicitation: { form: {} } },
    });
    expect(received.method).toBe('POST');
    expect(received.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'get_order',
      authorization: 'Bearer abc',
    });
    expect(JSON.parse(received.body)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'get_order',
        _meta: {
          progressToken: 1,
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
          'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
        },
      },
    });
  });

  it.each([
    [{ uri: 'orders://orders/1' }, 'orders://orders/1'],
    [{ taskId: 'op_1' }, 'op_1'],
    [{ name: 7 }, undefined],
    [{}, undefined],
  ])('with %j is named %p', async (params, name) => {
    await sendRaw(url, 'abc', { params });
    expect(received.headers['mcp-method']).toBe('tools/list');
    expect(received.headers['mcp-name']).toBe(name);
  });

  it('may be bad in every way', async () => {
    const headers = { 'content-type': 'text/plain', 'mcp-method': undefined, origin: 'http://evil.example' };
    await sendRaw(url, undefined, { headers, body: '{' });
    expect(received.headers).toMatchObject({ 'content-type': 'text/plain', origin: 'http://evil.example' });
    expect(received.headers).not.toHaveProperty('mcp-method');
    expect(received.headers).not.toHaveProperty('authorization');
    expect(received.body).toBe('{');
    await sendRaw(url, 'abc', { httpMethod: 'DELETE' });
    expect([received.method, received.body]).toEqual(['DELETE', '']);
  });

  it('ends with the client that goes away', async () => {
    await expect(sendRaw(url, 'abc', { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });
});

describe('an answer to it', () => {
  it('is taken as it comes', async () => {
    answer = '{"id":1,"result":{"tools":[]}}';
    const { status, headers, text: whole, json } = await sendRaw(url, 'abc');
    expect([status, headers.get('x-answered'), whole]).toEqual([207, 'yes', answer]);
    expect(json).toEqual({ id: 1, result: { tools: [] } });
  });

  it.each([[''], ['data: {}\n\n'], ['<html>']])('may be no JSON: %j', async (other) => {
    answer = other;
    expect(await sendRaw(url, 'abc')).toMatchObject({ text: other, json: {} });
  });
});

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { callTool, callToolPatiently } from './call-tool.ts';

let server: Server;
let seen: { headers: IncomingHttpHeaders; body: unknown };

async function answering(status: number, contentType: string, text: string): Promise<string> {
  server = createServer((request, response) => {
    void json(request).then((body) => {
      seen = { headers: request.headers, body };
      response.writeHead(status, { 'content-type': contentType }).end(text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const call = (url: string) =>
  callTool(url, 'TOKEN', { tool: 'get_thing', args: { id: 7 } }, new AbortController().signal);

const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { structuredContent: { name: 'seven' } } });

describe('callTool', () => {
  it('sends a complete call of the current protocol revision', async () => {
    expect(await call(await answering(200, 'application/json', answer))).toEqual({ name: 'seven' });
    expect(seen.headers).toMatchObject({
      authorization: 'Bearer TOKEN',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'get_thing',
    });
    expect(seen.body).toMatchObject({
      method: 'tools/call',
      params: {
        name: 'get_thing',
        arguments: { id: 7 },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
  });

  it('understands a stream that ends with the answer', async () => {
    const stream = `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\n\ndata: ${answer}\n\n`;
    expect(await call(await answering(200, 'text/event-stream', stream))).toEqual({ name: 'seven' });
  });

  it.each([
    [
      'a refusal by the tool',
      200,
      { result: { isError: true, structuredContent: { code: 'not_found' } } },
      /not_found/,
    ],
    [
      'a refusal by the protocol',
      400,
      { error: { code: -32602, message: 'Unknown tool' } },
      /400.*Unknown tool/,
    ],
  ])('tells the reason of %s', async (_what, status, body, reason) => {
    await expect(call(await answering(status, 'application/json', JSON.stringify(body)))).rejects.toThrow(
      reason,
    );
  });

  it('carries the code of a refusal', async () => {
    const body = JSON.stringify({ result: { isError: true, structuredContent: { code: 'not_found' } } });
    await expect(call(await answering(200, 'application/json', body))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('repeats what a server said that speaks something else', async () => {
    await expect(call(await answering(502, 'text/plain', 'Bad gateway'))).rejects.toThrow(/502.*Bad gateway/);
  });
});

describe('callToolPatiently', () => {
  async function refusingOnce(
    envelope: Record<string, unknown>,
  ): Promise<{ url: string; calls: () => number }> {
    let calls = 0;
    server = createServer((_request, response) => {
      calls += 1;
      const result =
        calls === 1
          ? { isError: true, structuredContent: envelope }
          : { structuredContent: { name: 'seven' } };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ result }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, calls: () => calls };
  }

  const patiently = (url: string) =>
    callToolPatiently(url, 'TOKEN', { tool: 'get_thing', args: {} }, new AbortController().signal);

  it('tries again when the service says that the call may yet succeed', async () => {
    const { url, calls } = await refusingOnce({ code: 'timeout', retryable: true });
    expect(await patiently(url)).toEqual({ name: 'seven' });
    expect(calls()).toBe(2);
  });

  it.each([
    ['was refused for good', { code: 'validation_error', retryable: false }],
    ['waits for somebody', { code: 'approval_required', retryable: true, retry_after_seconds: 60 }],
  ])('does not repeat what %s', async (_what, envelope) => {
    const { url, calls } = await refusingOnce(envelope);
    await expect(patiently(url)).rejects.toMatchObject({ code: envelope.code });
    expect(calls()).toBe(1);
  });
});

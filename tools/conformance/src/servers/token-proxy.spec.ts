import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTokenProxy } from './token-proxy.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function proxyTo(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const proxy = await startTokenProxy(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    'secret',
  );
  closers.push(() => proxy.close());
  return proxy.url;
}

describe('startTokenProxy', () => {
  it('adds the token and changes nothing else', async () => {
    let seen: IncomingMessage | undefined;
    let body = '';
    const url = await proxyTo((incoming, response) => {
      seen = incoming;
      incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
      incoming.once('end', () => response.writeHead(202, { 'X-Kept': 'yes' }).end('done'));
    });
    const sent = request(url, {
      method: 'POST',
      headers: { Host: 'evil.example', 'MCP-METHOD': 'ping' },
    });
    sent.end('{}');
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    expect(seen).toMatchObject({ url: '/mcp', method: 'POST' });
    expect(seen!.headers).toMatchObject({ host: 'evil.example', authorization: 'Bearer secret' });
    expect(seen!.rawHeaders).toContain('MCP-METHOD');
    expect(body).toBe('{}');
    expect([answer.statusCode, answer.headers['x-kept']]).toEqual([202, 'yes']);
  });

  it('lets the server see that a client has gone, in the middle of a stream', async () => {
    const gone = Promise.withResolvers<void>();
    const url = await proxyTo((_incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      response.once('close', () => gone.resolve());
    });
    const client = new AbortController();
    const { body } = await fetch(url, { signal: client.signal });
    await body!.getReader().read();
    client.abort();
    await gone.promise;
  });

  it('breaks the connection where the server does', async () => {
    const url = await proxyTo((incoming) => incoming.socket.destroy());
    await expect(fetch(url)).rejects.toThrow();
  });
});

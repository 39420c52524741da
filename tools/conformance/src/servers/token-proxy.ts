import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that looks as if it needed no token. */
export interface TokenProxy {
  /** The endpoint, as seen through the proxy. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands before a server and adds a bearer token to every request, since the official suite has none. Everything
 * else passes as it is, `Host` and the spelling of headers included: the suite tests these.
 */
export async function startTokenProxy(target: string, token: string): Promise<TokenProxy> {
  const { hostname, port, pathname } = new URL(target);
  const proxy = createServer((incoming, answer) => {
    const outgoing = request({
      hostname,
      port,
      path: incoming.url,
      method: incoming.method,
      headers: [...incoming.rawHeaders, 'Authorization', `Bearer ${token}`],
      setHost: false,
    });
    outgoing.once('response', (response) => passOn(response, answer));
    outgoing.once('error', () => answer.destroy());
    // A client that goes away cancels its call: the server has to see that.
    answer.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${pathname}`,
    async close() {
      proxy.close();
      proxy.closeAllConnections();
      await once(proxy, 'close');
    },
  };
}

function passOn(response: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(response.statusCode!, response.rawHeaders);
  // An event stream may have a head and no event for long.
  answer.flushHeaders();
  response.pipe(answer);
  response.once('error', () => answer.destroy());
}

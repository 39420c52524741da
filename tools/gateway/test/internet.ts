import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { Agent, fetch as fetchThrough } from 'undici';
import type { Gateway } from '../src/nginx.ts';

/** The `fetch` of clients that find the gateway by its public names and trust its certificate. */
export function internet({ certificate }: Gateway): typeof fetch {
  const dispatcher = new Agent({
    connect: {
      ca: certificate,
      lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    },
  });
  return ((url: string, init: object) =>
    fetchThrough(url, { ...init, dispatcher })) as unknown as typeof fetch;
}

/**
 * Sends a request whose path is not tidied up before, as that of a `fetch` is.
 *
 * @param servername - the host that the handshake is for
 * @returns the status of the answer
 */
export async function getUntidied(
  gateway: Gateway,
  host: string,
  path: string,
  servername = host,
): Promise<number> {
  const sent = request({
    host: '127.0.0.1',
    port: gateway.port,
    servername,
    ca: gateway.certificate,
    headers: { host },
    path,
    agent: false,
  }).end();
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response) => {
      text(response).then(() => resolve(response.statusCode!), reject);
    });
  });
}

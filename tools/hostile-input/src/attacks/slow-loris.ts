import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '../wire/input.ts';
import { open } from '../wire/raw-client.ts';

const CONNECTIONS = 150;
const DRIP_MS = 500;
/** What a service promises, and the time until it looks: see http-process.ts. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const GRACE_MS = 5_000;

/** What became of connections that say something, but never enough. */
export interface SlowResult {
  readonly connections: number;
  /** Still open when the service should have had enough. */
  readonly stillOpen: number;
}

/**
 * Many connections that send a byte now and then, never a whole request: one half never ends its headers, the other its
 * body. It takes a while; all else that is sent meanwhile has to be served.
 */
export async function slowLoris(url: string, token: string): Promise<SlowResult> {
  const { host } = new URL(url);
  const head = `POST /mcp HTTP/1.1\r\nhost: ${host}\r\n`;
  const { headers } = request('tools/list', {}, { family: 'slow loris', what: 'slow', token });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const whole = `${head}${lines}content-length: 100000\r\n\r\n{"`;
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(url)));
  const inHeaders = sockets.slice(0, CONNECTIONS / 2);
  const inBodies = sockets.slice(CONNECTIONS / 2);
  const stayed = await Promise.all([
    ...inHeaders.map((socket) => staysOpen(socket, head, 'x', HEADERS_MS + GRACE_MS)),
    ...inBodies.map((socket) => staysOpen(socket, whole, 'a', REQUEST_MS + GRACE_MS)),
  ]);
  return { connections: CONNECTIONS, stillOpen: stayed.filter(Boolean).length };
}

async function staysOpen(socket: Socket, first: string, drop: string, forMs: number): Promise<boolean> {
  socket.resume();
  const drip = setInterval(() => socket.write(drop), DRIP_MS);
  socket.write(first);
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(false)));
  const timer = new AbortController();
  const isOpen = await Promise.race([closed, sleep(forMs, true, { signal: timer.signal })]);
  timer.abort();
  clearInterval(drip);
  socket.destroy();
  return isOpen;
}

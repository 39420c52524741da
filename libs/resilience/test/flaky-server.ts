import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `reset`: the connection breaks. `hang`: nothing comes. `stall`: the body stops half-way. */
export type Mood = 'answer' | 'busy' | 'refuse' | 'reset' | 'hang' | 'stall';

/** A loopback HTTP server that behaves as it is told. */
export interface FlakyServer {
  readonly url: string;
  /** How it treats requests from now on. */
  mood: Mood;
  /** Requests that came. */
  requests: number;
  /** Requests that are open. */
  open: number;
  /** The most that were open at once. */
  mostOpen: number;
  close(): Promise<void>;
}

export async function startFlakyServer(): Promise<FlakyServer> {
  const server = createServer((_, response) => {
    flaky.requests += 1;
    flaky.open += 1;
    flaky.mostOpen = Math.max(flaky.mostOpen, flaky.open);
    response.once('close', () => (flaky.open -= 1));
    treat(response, flaky.mood);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const flaky: FlakyServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    mood: 'answer',
    requests: 0,
    open: 0,
    mostOpen: 0,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return flaky;
}

function treat(response: ServerResponse, mood: Mood): void {
  if (mood === 'answer') response.end('answer');
  if (mood === 'busy') response.writeHead(503).end();
  if (mood === 'refuse') response.writeHead(404).end();
  if (mood === 'reset') response.socket?.resetAndDestroy();
  if (mood === 'stall') response.writeHead(200, { 'content-length': 100 }).write('answ');
}

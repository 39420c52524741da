import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** What a server wrote into a connection, and whether it has closed it. */
export interface RawAnswer {
  readonly text: string;
  readonly isClosed: boolean;
}

/** A server that says nothing more for so long has answered. */
const QUIET_MS = 300;

/** Bytes as they are, for what no HTTP client would send. Never rejects. */
export async function sendBytes(
  url: string,
  bytes: string | Uint8Array,
  { withinMs = 5_000, quietMs = QUIET_MS } = {},
): Promise<RawAnswer> {
  const socket = await open(url);
  let text = '';
  const { promise: done, resolve } = Promise.withResolvers<boolean>();
  const late = setTimeout(() => resolve(false), withinMs);
  let quiet: NodeJS.Timeout | undefined;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    clearTimeout(quiet);
    quiet = setTimeout(() => resolve(false), quietMs);
  });
  socket.once('close', () => resolve(true));
  socket.write(bytes);
  const isClosed = await done;
  clearTimeout(late);
  clearTimeout(quiet);
  socket.destroy();
  return { text, isClosed };
}

/** A connection to a service. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  // A service may break off at any time; what it has said until then is its answer.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Status codes of all the answers in it: a request that smuggles another one gets two. */
export function statusesOf({ text }: RawAnswer): number[] {
  return [...text.matchAll(/(?:^|\n|\}|>)HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

import type { IncomingMessage, ServerResponse } from 'node:http';

const MOST_BYTES = 1_048_576;

/** The body of a request as text. @throws RangeError if it is longer than any real one */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new RangeError('The body is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(response, status, JSON.stringify(body, undefined, 2), {
    'content-type': 'application/json',
    ...headers,
  });
}

export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Cuts the connection as a broken network does: with a reset. */
export function resetConnection(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

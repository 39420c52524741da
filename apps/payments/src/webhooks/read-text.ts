import type { IncomingMessage } from 'node:http';

/** A body that was larger than allowed. */
export class BodyTooLarge extends Error {}

/**
 * Reads a body as it came.
 *
 * @throws BodyTooLarge
 */
export async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (Number(request.headers['content-length']) > maxBytes) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

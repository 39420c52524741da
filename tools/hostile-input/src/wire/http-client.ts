import { Pool } from 'undici';
import type { Answer, Input } from './input.ts';

/** No tool takes as long. */
const TIMEOUT_MS = 45_000;

/** Sends inputs to one service, over connections that stay open. */
export class HttpClient {
  readonly #pool: Pool;

  constructor(url: string, connections: number) {
    this.#pool = new Pool(new URL(url).origin, {
      connections,
      pipelining: 1,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
  }

  /** Never rejects. */
  async send(input: Input): Promise<Answer> {
    const start = performance.now();
    const { httpMethod = 'POST', endAfterMs } = input;
    const ending = new AbortController();
    const partial = { status: 0, headers: '', type: '', text: '' };
    try {
      const { statusCode, headers, body } = await this.#pool.request({
        method: httpMethod,
        path: input.path ?? '/mcp',
        headers: input.headers.flat(),
        ...(httpMethod !== 'GET' && httpMethod !== 'HEAD' && { body: input.body }),
        signal: ending.signal,
      });
      partial.status = statusCode;
      partial.headers = Object.entries(headers)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join('\n');
      partial.type = String(headers['content-type'] ?? '');
      // A stream is given its time once it has begun, however busy the machine is.
      if (endAfterMs !== undefined) setTimeout(() => ending.abort(), endAfterMs).unref();
      const decoder = new TextDecoder();
      for await (const chunk of body) partial.text += decoder.decode(chunk as Uint8Array, { stream: true });
      return { ...partial, tookMs: performance.now() - start };
    } catch (error) {
      const tookMs = performance.now() - start;
      // It was we who stopped reading.
      if (ending.signal.aborted) return { ...partial, tookMs };
      return { ...partial, tookMs, failure: reasonOf(error) };
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return code ? `${code}: ${message}` : message;
}

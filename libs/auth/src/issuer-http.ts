const MAX_BODY_BYTES = 512 * 1024;

/** An answer of the issuer; `body` is `undefined` if it is not JSON. */
export interface IssuerAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** How this service talks to its issuer: over a safe channel, for a bounded time, reading a bounded answer. */
export class IssuerHttp {
  constructor(private readonly limits: { readonly timeoutMs: number; readonly allowInsecure: boolean }) {}

  /** Rejects with an internal error when there is no answer; what the status means is the caller's business. */
  async request(
    url: string,
    init: Pick<RequestInit, 'method' | 'body' | 'headers'> = {},
  ): Promise<IssuerAnswer> {
    if (!this.limits.allowInsecure && !isSecure(url))
      throw new Error(`Refusing plain http to ${new URL(url).host}.`);
    const response = await fetch(url, {
      ...init,
      headers: { accept: 'application/json', ...init.headers },
      // A redirect would move the source of trust to wherever it points.
      redirect: 'error',
      signal: AbortSignal.timeout(this.limits.timeoutMs),
    });
    const text = await readCapped(response);
    return { status: response.status, headers: response.headers, body: parseJson(text) };
  }
}

/** Is traffic to this URL safe from others: encrypted, or never leaving the machine? */
export function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || /^(127(\.\d+){3}|\[::1\]|([^.]+\.)*localhost)$/.test(hostname);
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES)
      throw new Error(`The answer of ${response.url} is larger than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

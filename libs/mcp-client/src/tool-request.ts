import { ReadableStream } from 'node:stream/web';
import {
  Client,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type Implementation,
  type PriorDiscovery,
} from '@modelcontextprotocol/client';
import type { Post } from './connections.ts';
import type { TraceContext } from './trace-context.ts';

/** What is asked of a server. */
export interface ToolRequest {
  readonly url: URL;
  /** Who asks. */
  readonly client: Implementation;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly trace: TraceContext;
}

const PROTOCOL_VERSION = '2026-07-28';

/** All that has to be known of a server to call its tools, so that nobody has to ask it. */
const DISCOVERED: PriorDiscovery = {
  kind: 'modern',
  discover: {
    supportedVersions: [PROTOCOL_VERSION],
    capabilities: { tools: {} },
    ttlMs: 0,
    cacheScope: 'private',
  },
};

/** There is nothing to go back to: a stream that broke is a request that failed. */
const NEVER_RECONNECT = {
  maxRetries: 0,
  initialReconnectionDelay: 1,
  maxReconnectionDelay: 1,
  reconnectionDelayGrowFactor: 1,
};

/** The longest that a timer can be: a request is ended by its signal alone. */
const NO_TIMEOUT = 2 ** 31 - 1;

/**
 * Sends one `tools/call` of revision 2026-07-28, without a handshake before it. The client of the SDK is made for this
 * request and thrown away: nothing that one answer holds can ever be taken for part of another.
 *
 * @throws what `post` throws, or an error of the SDK
 */
export async function requestTool(
  { url, client: info, tool, args, trace }: ToolRequest,
  post: (post: Post) => Promise<Response>,
  signal: AbortSignal,
): Promise<CallToolResult> {
  const { promise: unanswered, reject } = Promise.withResolvers<never>();
  const client = new Client(info, {
    supportedProtocolVersions: [PROTOCOL_VERSION],
    // Nobody is there to be asked.
    inputRequired: { autoFulfill: false },
  });
  const transport = new StreamableHTTPClientTransport(url, {
    reconnectionOptions: NEVER_RECONNECT,
    fetch: async (_url, init) => {
      const { headers, body, signal } = init!;
      const response = await post({
        headers: new Headers(headers),
        body: body as string,
        signal: signal!,
      });
      return telling(response, () =>
        reject(new SdkError(SdkErrorCode.ConnectionClosed, 'It did not answer.')),
      );
    },
  });
  await client.connect(transport, { prior: DISCOVERED });
  try {
    const answer = client.request(
      { method: 'tools/call', params: { name: tool, arguments: { ...args }, _meta: { ...trace } } },
      { signal, timeout: NO_TIMEOUT, headers: { ...trace } },
    );
    return await Promise.race([answer, unanswered]);
  } finally {
    // A server may leave an event stream open after its answer.
    await client.close();
  }
}

/**
 * The response, telling when all of it was read: the SDK itself would wait on when a stream ends without an answer. What
 * it makes of the last bytes takes no more than promises do.
 */
function telling(response: Response, wasRead: () => void): Response {
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* response.body as ReadableStream<Uint8Array>;
    } finally {
      setImmediate(wasRead);
    }
  }
  return new Response(ReadableStream.from(body()), response);
}

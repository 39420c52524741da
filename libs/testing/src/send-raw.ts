import { MODERN_PROTOCOL_VERSION } from './mcp-client.ts';

/** A request as a client of 2026-07-28 sends it, and the parts that a hostile one changes. */
export interface RawRequest {
  /** `tools/list` unless told. */
  readonly method?: string;
  /** Its `_meta` is added to what every request has there. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** What the client declares that it can do; nothing unless told. */
  readonly capabilities?: object;
  /** Beside, or in place of, the usual ones; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent instead of the message. */
  readonly body?: string;
  readonly httpMethod?: string;
  /** The client goes away. */
  readonly signal?: AbortSignal;
}

/** An answer, parsed. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty if the text is no JSON: an event stream, or nothing. */
  readonly json: {
    readonly id?: unknown;
    readonly result?: Readonly<Record<string, unknown>>;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  };
}

/** Sends one message over plain HTTP, with no SDK between, and takes whatever comes back. */
export async function sendRaw(
  url: string,
  token: string | undefined,
  request: RawRequest = {},
): Promise<RawAnswer> {
  const { httpMethod = 'POST', signal } = request;
  const response = await fetch(url, {
    method: httpMethod,
    headers: headersOf(request, token),
    ...(httpMethod === 'POST' && { body: request.body ?? messageOf(request) }),
    ...(signal && { signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function headersOf({ method = 'tools/list', params = {}, headers }: RawRequest, token: string | undefined) {
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': MODERN_PROTOCOL_VERSION,
    'mcp-method': method,
    'mcp-name': [params['name'], params['uri'], params['taskId']].find((name) => typeof name === 'string'),
    authorization: token && `Bearer ${token}`,
    ...headers,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function messageOf({ method = 'tools/list', params = {}, capabilities = {} }: RawRequest): string {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN_PROTOCOL_VERSION,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
    ...(params['_meta'] as object | undefined),
  };
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } });
}

function parsed(text: string): RawAnswer['json'] {
  try {
    return JSON.parse(text) as RawAnswer['json'];
  } catch {
    return {};
  }
}

/** A request as a 2026-07-28 client sends it, and the parts that a hostile one changes. */
export interface RawRequest {
  method?: string;
  params?: Record<string, unknown>;
  headers?: Record<string, string | undefined>;
  /** Sent instead of the message. */
  body?: string;
  httpMethod?: string;
}

/** An answer, parsed. */
export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  json: {
    id?: unknown;
    result?: Record<string, unknown>;
    error?: { code: number; message: string; data?: unknown };
  };
}

/** Sends one message over plain HTTP. Headers set to undefined are left out. */
export async function send(url: string, token: string | undefined, request: RawRequest): Promise<RawAnswer> {
  const { method = 'tools/list', params = {}, headers = {}, httpMethod = 'POST' } = request;
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    'mcp-name': typeof params['name'] === 'string' ? params['name'] : (params['uri'] as string | undefined),
    authorization: token && `Bearer ${token}`,
    ...headers,
  };
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
      },
    },
  };
  const response = await fetch(url, {
    method: httpMethod,
    headers: Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(httpMethod === 'POST' && { body: request.body ?? JSON.stringify(message) }),
  });
  const text = await response.text();
  let json = {};
  try {
    json = JSON.parse(text) as RawAnswer['json'];
  } catch {
    // an event stream, or nothing
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** Calls a tool over plain HTTP and returns its result. */
export async function callRaw(url: string, token: string, name: string, args: unknown): Promise<RawAnswer> {
  return send(url, token, { method: 'tools/call', params: { name, arguments: args } });
}

/** The revision that Gantry and SDK 2 are asked in. */
export const MODERN = '2026-07-28';
/** The last one of SDK 1. */
export const LEGACY = '2025-11-25';

/** A request as it goes over the wire. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Call {
  readonly method: 'tools/call' | 'tools/list';
  readonly params?: { readonly name: string; readonly arguments: object };
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A request of 2026-07-28. */
export function modernMessage({ method, params }: Call): Message {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  };
  return {
    headers: {
      ...JSON_HEADERS,
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(params && { 'mcp-name': params.name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
  };
}

/** The same request of 2025-11-25, for servers that do not speak the newer one; without a session. */
export function legacyMessage({ method, params }: Call): Message {
  return {
    headers: { ...JSON_HEADERS, 'mcp-protocol-version': LEGACY },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: params ?? {} }),
  };
}

/** The result in an answer, be it JSON or the one event of a stream. */
export function resultOf(answer: string): Record<string, unknown> {
  const event = /^data: (.+)$/m.exec(answer)?.[1];
  const { result } = JSON.parse(event ?? answer) as { result?: Record<string, unknown> };
  if (!result) throw new Error(`Not a result: ${answer.slice(0, 500)}`);
  return result;
}

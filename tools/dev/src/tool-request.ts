/** The protocol revision that the stack speaks to its services. */
const PROTOCOL_VERSION = '2026-07-28';

/** A tool and what to call it with. */
export interface ToolRequest {
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/** Calls a tool of one service in the name of one client; rejects when it is refused. */
export type CallTool = (tool: string, args: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** An HTTP request that calls a tool. */
export interface HttpToolRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A complete tool call of protocol revision 2026-07-28: no handshake comes before it. */
export function httpRequestFor({ tool, args }: ToolRequest, token: string): HttpToolRequest {
  return {
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': PROTOCOL_VERSION,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': tool,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: tool,
        arguments: args,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': PROTOCOL_VERSION,
          'io.modelcontextprotocol/clientCapabilities': {},
          'io.modelcontextprotocol/clientInfo': { name: 'gantry-dev', version: '0.1.0' },
        },
      },
    }),
  };
}

/** The same call as a command for a POSIX shell. */
export function curlCommandFor(url: string, request: ToolRequest, token: string): string {
  const { headers, body } = httpRequestFor(request, token);
  return [
    `curl -sS -w '\\n' ${quote(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    `-d ${quote(body)}`,
  ].join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

import { send, type RawAnswer } from '../raw-client.ts';

/** What a client declares that can show forms. */
export const FORMS = { elicitation: { form: {} } };

/** What a client declares that can handle tasks. */
export const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

/** A request of 2026-07-28 with everything that a hostile one changes. */
export interface RawCall {
  readonly name?: string;
  readonly args?: Record<string, unknown>;
  readonly capabilities?: object;
  /** Beside name and arguments. */
  readonly params?: Record<string, unknown>;
  readonly headers?: Record<string, string | undefined>;
}

/** Sends a request over plain HTTP. */
export function request(
  url: string,
  token: string,
  method: string,
  params: Record<string, unknown>,
  { capabilities = {}, headers }: Pick<RawCall, 'capabilities' | 'headers'> = {},
): Promise<RawAnswer> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': capabilities,
        'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
      },
    },
  });
  const named = params['taskId'] === undefined ? {} : { 'mcp-name': params['taskId'] as string };
  return send(url, token, { method, params, body, headers: { ...named, ...headers } });
}

/** Calls a tool over plain HTTP. */
export function call(url: string, token: string, raw: RawCall): Promise<RawAnswer> {
  const { name = 'approve_payment', args = {}, capabilities = FORMS, params, headers } = raw;
  return request(url, token, 'tools/call', { name, arguments: args, ...params }, { capabilities, headers });
}

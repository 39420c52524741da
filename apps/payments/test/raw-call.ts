import type { ErrorEnvelope } from '@gantry/errors';
import type { PaymentOutput } from '../src/desk/payment.view.ts';

/** What came back of a tool call. */
export interface ToolReply {
  readonly status: number;
  readonly text: string;
  /** Of a call that was carried out. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into what tools of many kinds return
  readonly output: PaymentOutput & Record<string, any>;
  /** Of one that was not. */
  readonly error: ErrorEnvelope | undefined;
  readonly meta: Record<string, unknown>;
  readonly result: Record<string, unknown> | undefined;
}

/** Calls a tool over plain HTTP, as a client of 2026-07-28. */
export async function send(
  url: string,
  token: string,
  call: { name: string; args: Record<string, unknown>; params?: object; forms?: boolean },
): Promise<ToolReply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': call.name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: call.name,
        arguments: call.args,
        ...call.params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': call.forms ? { elicitation: { form: {} } } : {},
        },
      },
    }),
  });
  const text = await response.text();
  const json = (text ? JSON.parse(text) : {}) as { result?: Record<string, unknown> };
  const { result } = json;
  const content = (result?.['structuredContent'] ?? {}) as never;
  const isError = result?.['isError'] === true;
  return {
    status: response.status,
    text,
    output: isError ? (undefined as never) : content,
    error: isError ? content : undefined,
    meta: (result?.['_meta'] ?? {}) as Record<string, unknown>,
    result,
  };
}

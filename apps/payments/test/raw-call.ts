import type { ErrorEnvelope } from '@gantry/errors';
import { sendRaw } from '@gantry/testing';
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
  readonly result: Readonly<Record<string, unknown>> | undefined;
}

/** Calls a tool over plain HTTP, as a client of 2026-07-28. */
export async function send(
  url: string,
  token: string,
  call: { name: string; args: Record<string, unknown>; params?: object; forms?: boolean },
): Promise<ToolReply> {
  const { status, text, json } = await sendRaw(url, token, {
    method: 'tools/call',
    params: { name: call.name, arguments: call.args, ...call.params },
    capabilities: call.forms ? { elicitation: { form: {} } } : {},
  });
  const { result } = json;
  const content = (result?.['structuredContent'] ?? {}) as never;
  const isError = result?.['isError'] === true;
  return {
    status,
    text,
    output: isError ? (undefined as never) : content,
    error: isError ? content : undefined,
    meta: (result?.['_meta'] ?? {}) as Record<string, unknown>,
    result,
  };
}

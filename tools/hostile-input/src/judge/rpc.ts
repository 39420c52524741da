import type { Answer } from '../wire/input.ts';

/** A JSON-RPC message of a service, as far as it is one. */
export interface RpcMessage {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly method?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

/** The messages of an answer: one, or those of an event stream. `undefined` if anything in it is none. */
export function messagesOf({ type, text }: Pick<Answer, 'type' | 'text'>): RpcMessage[] | undefined {
  if (!type.startsWith('text/event-stream')) {
    const message = parsed(text);
    return message && [message];
  }
  // Lines of an event stream end in nothing else: `$` and `.` would stop at U+2028, which JSON may hold.
  const messages = text
    .split(/(?:\r\n|\r|\n){2}/)
    .map((event) =>
      event
        .split(/\r\n|\r|\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length))
        .join('\n'),
    )
    .filter((data) => data !== '')
    .map(parsed);
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

/** The last message that is an answer. */
export function responseOf(answer: Pick<Answer, 'type' | 'text'>): RpcMessage | undefined {
  return messagesOf(answer)?.findLast(({ method }) => method === undefined);
}

/** Output of a tool that did what it was asked. */
export function outputOf(answer: Answer): Readonly<Record<string, unknown>> | undefined {
  const { result } = responseOf(answer) ?? {};
  if (!result || result['isError'] === true) return undefined;
  return result['structuredContent'] as Record<string, unknown> | undefined;
}

/** Code of the error that a tool answered with, or that of a JSON-RPC error, as text. */
export function codeOf(answer: Answer): string | undefined {
  const { result, error } = responseOf(answer) ?? {};
  const envelope = error?.data ?? envelopeOf(result ?? {});
  const { code } = (envelope ?? {}) as { code?: string };
  return code ?? (error && String(error.code));
}

/** Where a result of either revision has its error envelope. */
export function envelopeOf(result: Readonly<Record<string, unknown>>): unknown {
  if (result['isError'] !== true) return undefined;
  const meta = result['_meta'] as Record<string, unknown> | undefined;
  return result['structuredContent'] ?? meta?.['gantry/error'];
}

function parsed(text: string): RpcMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

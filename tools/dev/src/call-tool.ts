import { setTimeout as sleep } from 'node:timers/promises';
import { StackError } from './stack-settings.ts';
import { httpRequestFor, type ToolRequest } from './tool-request.ts';

interface ToolAnswer {
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly isError?: boolean;
    readonly structuredContent?: Record<string, unknown>;
  };
}

const ATTEMPTS = 10;
const PAUSE_MS = 500;
const MOMENT_SECONDS = (ATTEMPTS * PAUSE_MS) / 1_000;

/** A tool call that was refused. */
export class ToolRefusal extends StackError {
  /** The code of the error envelope, if it came from the tool. */
  readonly code: unknown;
  /** The same call can succeed in a moment; what has to wait for somebody, such as an approval, cannot. */
  readonly retryable: boolean;

  constructor(message: string, envelope: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = envelope['code'];
    this.retryable =
      envelope['retryable'] === true && Number(envelope['retry_after_seconds'] ?? 0) <= MOMENT_SECONDS;
  }
}

/** {@link callTool}, again and again while the service says that it may yet succeed soon: a busy machine is slow at first. */
export async function callToolPatiently(
  ...call: Parameters<typeof callTool>
): Promise<Record<string, unknown>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callTool(...call);
    } catch (error) {
      if (!(error instanceof ToolRefusal && error.retryable) || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/**
 * Calls a tool and returns its structured output.
 *
 * @throws ToolRefusal, which says why
 */
export async function callTool(
  url: string,
  token: string,
  request: ToolRequest,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { headers, body } = httpRequestFor(request, token);
  const response = await fetch(url, { method: 'POST', headers, body, signal });
  const text = await response.text();
  const { result, error } = parse(text, response.headers.get('content-type') ?? '');
  if (result?.structuredContent === undefined || result.isError) {
    const reason = error?.message ?? JSON.stringify(result?.structuredContent ?? text, null, 2);
    throw new ToolRefusal(
      `${request.tool} was refused${response.ok ? '' : ` (HTTP ${response.status})`}: ${reason}`,
      result?.structuredContent,
    );
  }
  return result.structuredContent;
}

function parse(text: string, contentType: string): ToolAnswer {
  try {
    return JSON.parse(contentType.startsWith('text/event-stream') ? lastEvent(text) : text) as ToolAnswer;
  } catch {
    return {};
  }
}

/** The answer is the last message of its stream; what comes before are notifications. */
function lastEvent(stream: string): string {
  return (
    stream
      .split(/\r?\n/)
      .findLast((line) => line.startsWith('data:'))
      ?.slice('data:'.length) ?? ''
  );
}

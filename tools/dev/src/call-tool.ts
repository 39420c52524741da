import { httpRequestFor, type ToolRequest } from './tool-request.ts';

interface ToolAnswer {
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly isError?: boolean;
    readonly structuredContent?: Record<string, unknown>;
  };
}

/** A tool call that was refused. */
export class ToolRefusal extends Error {
  /** The code of the error envelope, if it came from the tool. */
  readonly code: unknown;

  constructor(message: string, code: unknown) {
    super(message);
    this.code = code;
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
    const reason = error?.message ?? JSON.stringify(result?.structuredContent ?? text);
    throw new ToolRefusal(
      `${request.tool} was refused (HTTP ${response.status}): ${reason}`,
      result?.structuredContent?.['code'],
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

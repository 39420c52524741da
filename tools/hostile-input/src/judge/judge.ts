import type { Answer, Input } from '../wire/input.ts';
import { envelopeFaults } from './envelope.ts';
import type { LeakDetector } from './leaks.ts';
import { envelopeOf, messagesOf, responseOf, type RpcMessage } from './rpc.ts';
import { resultFaults, type ToolPromises } from './results.ts';

/** What an answer is: what was asked for, an error envelope, or a refusal of the protocol. */
export type Outcome = 'ok' | 'refused' | 'protocol';

/** Which promise is broken. */
export type Fault = 'unstructured' | 'leak' | 'internal error' | 'wrong';

/** A broken promise, in words. */
export interface Violation {
  readonly fault: Fault;
  readonly what: string;
}

/** What is to be thought of an answer. */
export interface Verdict {
  readonly outcome: Outcome;
  /** The service was too slow or what it needs was away: no bug, but no answer to be proud of. */
  readonly isUnavailable: boolean;
  readonly violations: readonly Violation[];
}

/** Codes of JSON-RPC and of MCP that a client may be told; -32603 only with an envelope. */
const PROTOCOL_CODES: readonly unknown[] = [
  -32700, -32600, -32601, -32602, -32603, -32000, -32020, -32021, -32022,
];
const INTERNAL = -32603;
const UNAVAILABLE: readonly unknown[] = ['timeout', 'dependency_unavailable'];

/** Decides about answers of one service. */
export class Judge {
  constructor(
    private readonly tools: ToolPromises,
    private readonly leaks: LeakDetector,
  ) {}

  /** @param answer - to this input */
  of(input: Input, answer: Answer): Verdict {
    if (answer.failure !== undefined && input.mayBreak) return fine('protocol');
    if (answer.failure !== undefined) return unstructured(`no answer: ${answer.failure}`);
    const leaks = this.leaksIn(`${answer.headers}\n${answer.text}`);
    const verdict = this.#withoutLeaks(input, answer);
    const violations = leaks.map((what): Violation => ({ fault: 'leak', what }));
    return { ...verdict, violations: [...verdict.violations, ...violations] };
  }

  /** What nobody may be told, in any text. */
  leaksIn(text: string): string[] {
    return this.leaks.find(text);
  }

  #withoutLeaks(input: Input, answer: Answer): Verdict {
    const { status, text } = answer;
    if (status >= 500) return unstructured(`HTTP status ${status}: ${text.slice(0, 200)}`);
    if (input.path !== undefined) return otherPath(answer);
    // To a notification there is nothing to say.
    if (status === 202 && text === '') return fine('ok');
    const messages = messagesOf(answer);
    if (input.endAfterMs !== undefined && messages?.every(({ method }) => method !== undefined))
      return fine('ok');
    const response = responseOf(answer);
    if (!response) return unstructured(`HTTP status ${status} and no JSON-RPC: ${text.slice(0, 200)}`);
    return this.#response(input, answer, response);
  }

  #response({ asked }: Input, { status }: Answer, response: RpcMessage): Verdict {
    const { jsonrpc, id, result, error } = response;
    if (jsonrpc !== '2.0' || (result === undefined) === (error === undefined))
      return unstructured(
        `neither result nor error of JSON-RPC 2.0: ${JSON.stringify(response).slice(0, 200)}`,
      );
    if (error) return withFaults('protocol', error.data, errorFaults(error));
    const violations: Violation[] = resultFaults(result!, asked, this.tools).map((what) => ({
      fault: 'unstructured',
      what,
    }));
    if (status !== 200)
      violations.push({ fault: 'unstructured', what: `a result with HTTP status ${status}` });
    if (asked?.id !== undefined && id !== asked.id)
      violations.push({ fault: 'unstructured', what: `the answer to ${String(id)} instead of ${asked.id}` });
    const envelope = envelopeOf(result!);
    return withFaults(result!['isError'] === true ? 'refused' : 'ok', envelope, violations);
  }
}

function errorFaults({ code, message, data }: NonNullable<RpcMessage['error']>): Violation[] {
  const faults: Violation[] = [];
  if (!PROTOCOL_CODES.includes(code) || typeof message !== 'string' || message === '')
    faults.push({
      fault: 'unstructured',
      what: `no error of the protocol: ${String(code)} ${String(message)}`,
    });
  if (code === INTERNAL && envelopeFaults(data, []).length > 0)
    faults.push({ fault: 'internal error', what: `${INTERNAL} without an envelope: ${String(message)}` });
  return faults;
}

/** Whatever else is wrong, an input must not make a bug. */
function withFaults(outcome: Outcome, envelope: unknown, faults: readonly Violation[]): Verdict {
  const { code, error } = (envelope ?? {}) as { code?: unknown; error?: unknown };
  const isBug = code === 'internal_error';
  return {
    outcome,
    isUnavailable: UNAVAILABLE.includes(code),
    violations: isBug ? [...faults, { fault: 'internal error', what: String(error) }] : faults,
  };
}

/** Health, metrics, metadata, webhooks: each has a form of its own, but none has a body without end or a stack. */
function otherPath({ status }: Answer): Verdict {
  return fine(status < 300 ? 'ok' : 'protocol');
}

function fine(outcome: Outcome): Verdict {
  return { outcome, isUnavailable: false, violations: [] };
}

function unstructured(what: string): Verdict {
  return { outcome: 'protocol', isUnavailable: false, violations: [{ fault: 'unstructured', what }] };
}

import type { ErrorEnvelope } from '@gantry/errors';
import { sendRaw, type RawAnswer } from '@gantry/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadFigures } from './load-figures.ts';

/** Whoever has tried for so long gives up: something is broken, not slow. */
const PATIENCE_MS = 180_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** How much later than its deadline a call may be answered. */
const GRACE_MS = 1_000;

/** The final answer to a call. */
export type Answer =
  | { readonly output: Readonly<Record<string, unknown>>; readonly error?: undefined }
  | { readonly output?: undefined; readonly error: ErrorEnvelope };

/** A call of a tool. One that writes carries its `idempotency_key` in its arguments. */
export interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Where a client calls. */
export interface Target {
  readonly url: string;
  readonly token: string;
  /** Of a tool, in milliseconds; see `limits.deadlineMs` of its contract. */
  readonly deadlineOf: (tool: string) => number;
}

/**
 * A client that knows nothing but the rules: a call that was not answered, or whose error is retryable, is made again
 * with the same arguments, and so with the same key, until there is a final answer.
 */
export class PatientClient {
  constructor(
    private readonly target: Target,
    private readonly figures: LoadFigures,
  ) {}

  /** @throws Error if there is no final answer for minutes */
  async call(call: Call): Promise<Answer> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const attempt = await this.#attempt(call);
      if ('answer' in attempt) {
        this.figures.acknowledged += 1;
        return attempt.answer;
      }
      this.figures.repeated(attempt.because);
      if (performance.now() > giveUpAt)
        throw new Error(`${call.name} ${JSON.stringify(call.args)}: ${attempt.because}, for minutes`);
      await sleep(attempt.retryAfterMs ?? pause);
    }
  }

  async #attempt({ name, args }: Call): Promise<Attempt> {
    const start = performance.now();
    const longest = this.target.deadlineOf(name) + GRACE_MS;
    try {
      const answer = await sendRaw(this.target.url, this.target.token, {
        method: 'tools/call',
        params: { name, arguments: args },
        signal: AbortSignal.timeout(longest),
      });
      this.figures.took(performance.now() - start);
      return this.#judge(name, answer);
    } catch (error) {
      const isLate = (error as Error).name === 'TimeoutError';
      if (isLate) this.figures.unanswered += 1;
      return { because: isLate ? 'no answer' : 'connection lost' };
    }
  }

  #judge(name: string, { status, text, json }: RawAnswer): Attempt {
    const content = json.result?.['structuredContent'] as Readonly<Record<string, unknown>> | undefined;
    if (content && json.result?.['isError'] !== true) return { answer: { output: content } };
    const error = content as ErrorEnvelope | undefined;
    if (!error?.code || !error.hint) {
      this.figures.unstructured.push(`${name}: ${status} ${text.slice(0, 300)}`);
      return { because: `status ${status}` };
    }
    if (!error.retryable) return { answer: { error } };
    return {
      because: error.code,
      retryAfterMs: Math.min((error.retry_after_seconds ?? 1) * 1_000, LONGEST_PAUSE_MS),
    };
  }
}

type Attempt = { readonly answer: Answer } | { readonly because: string; readonly retryAfterMs?: number };

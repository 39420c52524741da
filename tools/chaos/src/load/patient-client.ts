import type { ErrorEnvelope } from '@gantry/errors';
import { sendRaw, type RawAnswer } from '@gantry/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Access, IssuedToken } from '../fleet/tokens.ts';
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
  readonly access: Access;
  /** Of a tool, in milliseconds; see `limits.deadlineMs` of its contract. */
  readonly deadlineOf: (tool: string) => number;
}

/**
 * A client that knows nothing but the rules: a call that was not answered, or whose error is retryable, is made again
 * with the same arguments, and so with the same key, until there is a final answer; one whose token was refused, with a
 * new token.
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
    const { url, access, deadlineOf } = this.target;
    const token = await access.token();
    const start = performance.now();
    const longest = deadlineOf(name) + GRACE_MS;
    try {
      const answer = await sendRaw(url, token.value, {
        method: 'tools/call',
        params: { name, arguments: args },
        signal: AbortSignal.timeout(longest),
      });
      this.figures.took(performance.now() - start);
      if (answer.status === 401) return await this.#refused(name, token, answer);
      return this.#judge(name, token, answer);
    } catch (error) {
      const isLate = (error as Error).name === 'TimeoutError';
      if (isLate) this.figures.hung.push(`${name} ${JSON.stringify(args)}: no answer within ${longest} ms`);
      return { because: isLate ? 'no answer' : 'connection lost' };
    }
  }

  /** RFC 6750: the challenge says that a new token may do. */
  async #refused(name: string, token: IssuedToken, { headers, text, json }: RawAnswer): Promise<Attempt> {
    const { access } = this.target;
    const { figures } = this;
    const challenge = headers.get('www-authenticate') ?? '';
    if (!challenge.includes('error="invalid_token"') || !json.error?.message)
      figures.wrong.push(`${name}: 401 ${challenge} ${text.slice(0, 300)}`);
    if (access.deserves(token) === 'accepted')
      figures.wrong.push(`${name}: a good token was refused: ${challenge}`);
    figures.refused += 1;
    await access.forget(token);
    return { because: 'invalid_token' };
  }

  #judge(name: string, token: IssuedToken, { status, text, json }: RawAnswer): Attempt {
    if (this.target.access.deserves(token) === 'refused')
      this.figures.wrong.push(`${name}: a token that must be refused was accepted: status ${status}`);
    const content = json.result?.['structuredContent'] as Readonly<Record<string, unknown>> | undefined;
    if (content && json.result?.['isError'] !== true) return { answer: { output: content } };
    const error = content as ErrorEnvelope | undefined;
    if (!error?.code || !error.hint) {
      this.figures.wrong.push(`${name}: ${status} ${text.slice(0, 300)}`);
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

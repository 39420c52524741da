import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Books } from './books.ts';
import { ENDPOINTS, route, type EndpointName } from './endpoints.ts';
import type { Fault, Faults } from './faults.ts';
import { canonical, parseForm } from './form.ts';
import { readBody, resetConnection, sendText } from './http.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { newId, unixSeconds } from './objects.ts';
import { Parameters } from './parameters.ts';
import { API_VERSION } from './request.ts';
import { NotExecuted, StripeError } from './stripe-error.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Stripe's API as an HTTP client sees it: keys, versions, idempotency, errors, and the faults that are planned. */
export class StripeApi {
  readonly #books: Books;
  readonly #faults: Faults;
  readonly #keys: IdempotencyKeys;
  readonly #onCommit: () => void;

  constructor(books: Books, faults: Faults, onCommit: () => void) {
    this.#books = books;
    this.#faults = faults;
    this.#keys = new IdempotencyKeys(books);
    this.#onCommit = onCommit;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = newId('req');
    const key = headerOf(request, 'idempotency-key');
    const send = (answer: Answer): void =>
      sendText(response, answer.status, answer.body, {
        'content-type': 'application/json',
        'request-id': requestId,
        'stripe-version': headerOf(request, 'stripe-version') ?? API_VERSION,
        ...(key !== undefined && { 'idempotency-key': key }),
        ...answer.headers,
      });
    try {
      authenticate(request);
      const url = new URL(request.url ?? '/', 'http://simulator');
      const text = await readBody(request);
      const target = route(request.method ?? '', url.pathname);
      if (target === undefined) throw unrecognized(request, url);
      const { fault, latencyMs } = this.#faults.draw(target.name);
      if (fault?.kind === 'reset_before') return resetConnection(request);
      if (fault?.kind === 'hang_before') return;
      if (fault !== undefined) refuseBefore(fault);

      const answer = await this.#answer({ ...target, key, requestId, url, text, latencyMs, fault });
      if (fault?.kind === 'reset_after') resetConnection(request);
      else if (fault?.kind !== 'hang_after') send(answer);
    } catch (error) {
      send(failure(error));
    }
  }

  /** Replays the answer of an idempotency key, or executes the request. */
  async #answer(call: Call): Promise<Answer> {
    const key = ENDPOINTS[call.name].method === 'POST' ? call.key : undefined;
    if (key === undefined) {
      await wait(call.latencyMs);
      return this.#execute(call, undefined);
    }
    const fingerprint = `${call.url.pathname} ${canonical(parseForm(call.text))}`;
    const kept = this.#keys.begin(key, fingerprint);
    if (kept !== undefined) {
      await wait(call.latencyMs);
      const headers = { 'idempotent-replayed': 'true', 'original-request': kept.request_id };
      return { status: kept.status, body: kept.body, headers };
    }
    try {
      // The client may be gone when this is over; its request is executed all the same.
      await wait(call.latencyMs);
      return this.#execute(call, fingerprint);
    } finally {
      this.#keys.done(key);
    }
  }

  #execute(call: Call, fingerprint: string | undefined): Answer {
    const { name, id, key, requestId, url, text, fault } = call;
    const params = new Parameters(parseForm(ENDPOINTS[name].method === 'POST' ? text : url.search));
    const idempotencyKey = fingerprint === undefined ? null : key!;
    let answer: Answer;
    let executed = true;
    try {
      const result = ENDPOINTS[name].execute({ books: this.#books, params, id, requestId, idempotencyKey });
      answer = { status: 200, body: JSON.stringify(result, undefined, 2), headers: {} };
    } catch (error) {
      answer = failure(error);
      executed = !(error instanceof NotExecuted);
    }
    // An endpoint that breaks after its effect leaves that error behind as the answer of its key.
    if (fault?.kind === 'error_after')
      answer = failure(broken(fault.status, { 'stripe-should-retry': 'false' }));
    if (fingerprint !== undefined && executed) {
      const { status, body } = answer;
      this.#books.record({
        answer: { key: key!, fingerprint, status, body, request_id: requestId, created: unixSeconds() },
      });
    }
    this.#books.commit();
    this.#onCommit();
    return answer;
  }
}

interface Call {
  readonly name: EndpointName;
  readonly id: string;
  readonly key: string | undefined;
  readonly requestId: string;
  readonly url: URL;
  readonly text: string;
  readonly latencyMs: number;
  readonly fault: Fault | undefined;
}

/** Any test key will do. A live key has no business here, and whoever sends one should notice. */
function authenticate(request: IncomingMessage): void {
  const [scheme, key = ''] = (headerOf(request, 'authorization') ?? '').split(' ');
  if (scheme === 'Bearer' && /^[sr]k_test_\w+$/.test(key)) return;
  throw new NotExecuted(401, {
    type: 'invalid_request_error',
    message:
      key === ''
        ? 'You did not provide an API key.'
        : 'Invalid API Key provided. The simulator takes keys that begin with sk_test_ or rk_test_.',
  });
}

/** Faults that come before anything is executed, so that no answer is kept for the idempotency key. */
function refuseBefore({ kind, status, retryAfterSeconds }: Fault): void {
  if (kind === 'error_before') throw broken(status);
  if (kind === 'rate_limited')
    throw new NotExecuted(
      429,
      {
        type: 'invalid_request_error',
        code: 'rate_limit',
        message: 'Too many requests hit the API too quickly.',
      },
      { 'retry-after': String(retryAfterSeconds) },
    );
  if (kind === 'lock_timeout')
    throw new NotExecuted(
      429,
      {
        type: 'invalid_request_error',
        code: 'lock_timeout',
        message: 'This object cannot be accessed right now because another API request is accessing it.',
      },
      { 'stripe-should-retry': 'true' },
    );
}

function broken(status: number, headers: Readonly<Record<string, string>> = {}): NotExecuted {
  return new NotExecuted(
    status,
    { type: 'api_error', message: 'An unknown error occurred. (This one was asked for.)' },
    headers,
  );
}

function failure(error: unknown): Answer {
  const { status, body, headers } =
    error instanceof StripeError
      ? error
      : new StripeError(500, { type: 'api_error', message: `The simulator failed: ${String(error)}` });
  return { status, headers, body: JSON.stringify({ error: body }, undefined, 2) };
}

function unrecognized(request: IncomingMessage, url: URL): NotExecuted {
  return new NotExecuted(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${request.method}: ${url.pathname}).`,
  });
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function wait(ms: number): Promise<void> {
  if (ms > 0) await pause(ms);
}

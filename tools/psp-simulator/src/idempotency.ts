import type { Books, KeptAnswer } from './books.ts';
import { unixSeconds } from './objects.ts';
import { NotExecuted } from './stripe-error.ts';

/** Stripe forgets a key when it is at least this old. */
const KEPT_SECONDS = 24 * 3600;

/** Stripe's idempotency keys, as its documentation has them. */
export class IdempotencyKeys {
  readonly #books: Books;
  readonly #running = new Set<string>();

  constructor(books: Books) {
    this.#books = books;
  }

  /**
   * The answer that is kept for the key, if there is one; else the key is in use until {@link done}.
   *
   * @throws NotExecuted if the key was used for something else, or is being used at this moment
   */
  begin(key: string, fingerprint: string): KeptAnswer | undefined {
    if (key.length > 255)
      throw refused(400, 'Idempotency keys can be at most 255 characters long.', undefined);
    const kept = this.#books.answers.get(key);
    if (kept !== undefined && unixSeconds() - kept.created < KEPT_SECONDS) {
      if (kept.fingerprint === fingerprint) return kept;
      throw refused(
        400,
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    if (this.#running.has(key))
      throw refused(
        409,
        `There is currently another in-progress request using this Idempotency Key: ${key}. Please try again later.`,
        'idempotency_key_in_use',
      );
    this.#running.add(key);
    return undefined;
  }

  done(key: string): void {
    this.#running.delete(key);
  }
}

function refused(status: 400 | 409, message: string, code?: string): NotExecuted {
  return new NotExecuted(status, {
    type: 'idempotency_error',
    message,
    ...(code !== undefined && { code }),
  });
}

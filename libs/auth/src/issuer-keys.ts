import { sharedError, type GantryError } from '@gantry/errors';
import type { Log } from '@gantry/observability';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { AuthMetrics } from './auth.metrics.ts';
import type { AuthSettings } from './auth.settings.ts';
import type { IssuerHttp } from './issuer-http.ts';
import { discoverIssuer } from './issuer-metadata.ts';

/** The issuer's public keys as of one fetch. The same object as long as the issuer publishes the same keys. */
export interface KeySet {
  readonly find: JWTVerifyGetKey;
  readonly count: number;
}

/** An issuer that does not answer is asked no more often than this; short, because it may only just be starting. */
const PAUSE_AFTER_FAILURE_MS = 1_000;

const RETRY_AFTER_SECONDS = 5;

/**
 * The issuer's keys, kept and renewed.
 *
 * Past half their maximum age they are renewed in the background; past it, callers wait for the renewal. While
 * the issuer is away the last known keys stay in use for `keysMaxStaleSeconds` more. So a withdrawn key is forgotten
 * after `keysMaxAgeSeconds`, or after both together if the issuer cannot be asked.
 */
export class IssuerKeys {
  #known: { readonly keys: KeySet; readonly json: string; fetchedAt: number } | undefined;
  #fetching: Promise<void> | undefined;
  #pausedUntil = -Infinity;
  #failure: unknown;

  constructor(
    private readonly settings: Pick<
      AuthSettings,
      'issuer' | 'jwksUrl' | 'keysMaxAgeSeconds' | 'keysMaxStaleSeconds' | 'keysCooldownSeconds'
    >,
    private readonly http: IssuerHttp,
    private readonly log: Pick<Log, 'info' | 'warn'>,
    private readonly metrics: AuthMetrics,
  ) {}

  /** Seconds since the known keys were confirmed; infinite if none are known. */
  get age(): number {
    return this.#known === undefined ? Infinity : (performance.now() - this.#known.fetchedAt) / 1000;
  }

  /**
   * The keys to verify with.
   *
   * @throws GantryError `dependency_unavailable` if no keys are known, or none that are still good
   */
  async current(): Promise<KeySet> {
    const { keysMaxAgeSeconds: maxAge, keysMaxStaleSeconds } = this.settings;
    const useless = maxAge + keysMaxStaleSeconds;
    if (this.age > maxAge / 2) {
      const renewal = this.#renew();
      // Nobody waits again for an issuer that did not answer the last time, as long as there is something to use.
      const makeDo = this.#failure !== undefined && this.age <= useless;
      if (this.age > maxAge && !makeDo) await renewal;
    }
    if (this.#known === undefined || this.age > useless) throw this.#unavailable();
    return this.#known.keys;
  }

  /**
   * The keys after `seen`, for a token that none of those verifies: the issuer may have rotated. Asks the issuer
   * at most once per cool-down, so that made-up key ids cannot be used to flood it.
   *
   * @returns `undefined` if the issuer has no other keys
   * @throws GantryError `dependency_unavailable` if the issuer cannot be asked: the token may well be good
   */
  async newerThan(seen: KeySet): Promise<KeySet | undefined> {
    if (this.#known?.keys === seen) {
      if (this.age < this.settings.keysCooldownSeconds) return undefined;
      await this.#renew();
      if (this.#failure !== undefined) throw this.#unavailable();
    }
    return this.#known?.keys === seen ? undefined : this.#known?.keys;
  }

  /** Never rejects; how it ended is in `#known` and `#failure`. */
  async #renew(): Promise<void> {
    if (this.#fetching === undefined && performance.now() < this.#pausedUntil) return;
    this.#fetching ??= this.#fetch()
      .then(
        (jwks) => this.#take(jwks),
        (error: unknown) => this.#miss(error),
      )
      .finally(() => (this.#fetching = undefined));
    await this.#fetching;
  }

  async #fetch(): Promise<JSONWebKeySet> {
    const url = this.settings.jwksUrl ?? (await this.#discover());
    const { status, body } = await this.http.request(url);
    if (status !== 200) throw new Error(`${url} answered ${status}.`);
    createLocalJWKSet(body as JSONWebKeySet);
    return body as JSONWebKeySet;
  }

  async #discover(): Promise<string> {
    if (this.settings.issuer === undefined) throw new Error('No issuer is configured.');
    const { jwks_uri } = await discoverIssuer(this.http, this.settings.issuer);
    if (jwks_uri === undefined) throw new Error(`The metadata of ${this.settings.issuer} names no jwks_uri.`);
    return jwks_uri;
  }

  #take(jwks: JSONWebKeySet): void {
    this.metrics.keyFetches.inc({ result: 'ok' });
    const json = JSON.stringify(jwks.keys);
    const fetchedAt = performance.now();
    this.#failure = undefined;
    if (this.#known?.json === json) {
      this.#known.fetchedAt = fetchedAt;
      return;
    }
    this.#known = { keys: { find: createLocalJWKSet(jwks), count: jwks.keys.length }, json, fetchedAt };
    this.log.info({ issuer: this.settings.issuer, count: jwks.keys.length }, "took over the issuer's keys");
  }

  #miss(error: unknown): void {
    this.metrics.keyFetches.inc({ result: 'failed' });
    // Once for every time that the issuer goes away: it is asked again and again meanwhile.
    if (this.#failure === undefined) {
      this.log.warn({ issuer: this.settings.issuer, err: error }, "cannot fetch the issuer's keys");
    }
    this.#failure = error;
    this.#pausedUntil = performance.now() + PAUSE_AFTER_FAILURE_MS;
  }

  #unavailable(): GantryError {
    return sharedError(
      'dependency_unavailable',
      'Tokens cannot be verified now: their issuer cannot be reached.',
      {
        hint: 'Wait retry_after_seconds, then repeat the request with the same token.',
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: this.#failure,
      },
    );
  }
}

import type { TestIssuer } from '@gantry/testing';

/** What services must make of a token. */
export type Deserts = 'accepted' | 'refused' | 'either';

/** How the clock of the issuer differs from that of the services. */
export interface Clock {
  /** Negative if it is behind. */
  readonly aheadSeconds: number;
  /** By that clock. Default: longer than any run. */
  readonly lifeSeconds?: number;
  readonly mustBe: Deserts;
}

/** A token, and what it was made under. */
export interface IssuedToken {
  readonly value: string;
  readonly mustBe: Deserts;
  /** Of the issuer's doings: which of its keys, and which edition of clock and keys. */
  readonly keys: number;
  readonly edition: number;
}

const RIGHT: Clock = { aheadSeconds: 0, mustBe: 'accepted' };
const DAY_SECONDS = 86_400;

/**
 * How long a service may not know new keys: it asks for them no more often than every 10 s
 * (MCP_AUTH_KEYS_COOLDOWN_SECONDS), and then some.
 */
const LEARNING_MS = 15_000;

/** Makes tokens for clients; its clock can be wrong, and its keys can change. */
export class Tokens {
  #clock = RIGHT;
  #keys = 0;
  #edition = 0;
  #rotatedAt = -Infinity;

  constructor(
    private readonly issuer: Pick<TestIssuer, 'token' | 'rotate'>,
    private readonly tenant: string,
  ) {}

  /** Changes whenever those that clients hold should be fetched anew, so that a change of clock is felt at once. */
  get edition(): number {
    return this.#edition;
  }

  /** Sets the clock wrong, or right again. */
  become(clock: Clock | undefined): void {
    this.#clock = clock ?? RIGHT;
    this.#edition += 1;
  }

  /** Goes on with a new key; tokens of the former ones stay good unless it forgets them. */
  async rotate(options: { readonly forgetFormer?: boolean } = {}): Promise<void> {
    await this.issuer.rotate(options);
    this.#rotatedAt = performance.now();
    this.#keys += 1;
    this.#edition += 1;
  }

  async issue(audience: string, scopes: readonly string[]): Promise<IssuedToken> {
    const { aheadSeconds, lifeSeconds = DAY_SECONDS, mustBe } = this.#clock;
    const made = { mustBe, keys: this.#keys, edition: this.#edition };
    const now = Math.floor(Date.now() / 1_000) + aheadSeconds;
    const value = await this.issuer.token({
      audience,
      scopes,
      subject: 'chaos',
      client: 'chaos',
      tenant: this.tenant,
      iat: now,
      nbf: now,
      exp: now + lifeSeconds,
    });
    return { ...made, value };
  }

  /** What services must make of a token now: of the keys, old and new ones, each may know either for a while. */
  deserves({ mustBe, keys }: IssuedToken): Deserts {
    const isUncertain = keys !== this.#keys || performance.now() - this.#rotatedAt < LEARNING_MS;
    return mustBe === 'accepted' && isUncertain ? 'either' : mustBe;
  }
}

/** Clients' access to one service: a token, until it is refused. */
export class Access {
  #held: { readonly edition: number; readonly token: Promise<IssuedToken> } | undefined;

  constructor(
    private readonly tokens: Tokens,
    private readonly audience: string,
    private readonly scopes: readonly string[],
  ) {}

  token(): Promise<IssuedToken> {
    const { edition } = this.tokens;
    if (this.#held?.edition !== edition)
      this.#held = { edition, token: this.tokens.issue(this.audience, this.scopes) };
    return this.#held.token;
  }

  deserves(token: IssuedToken): Deserts {
    return this.tokens.deserves(token);
  }

  /** So that a new one is fetched, once, however many calls were refused with this one. */
  async forget(refused: IssuedToken): Promise<void> {
    const held = this.#held;
    if (held && (await held.token) === refused && this.#held === held) this.#held = undefined;
  }
}

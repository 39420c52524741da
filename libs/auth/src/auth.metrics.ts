import { Counter, type Registry } from 'prom-client';

/** What an operator wants to see of authentication: a wave of refusals, a cache that does not help, an issuer that is away. */
export class AuthMetrics {
  /** `remembered`, `verified`, why it was refused, or `unavailable`. */
  readonly tokens: Counter<'result'>;
  /** `ok` or `failed`. */
  readonly keyFetches: Counter<'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.tokens = new Counter({
      name: 'mcp_auth_tokens_total',
      help: 'Bearer tokens by what became of them: remembered, verified, unavailable, or why it was refused.',
      labelNames: ['result'],
      registers,
    });
    this.keyFetches = new Counter({
      name: 'mcp_auth_key_fetches_total',
      help: "Fetches of the issuer's keys by outcome: ok or failed.",
      labelNames: ['result'],
      registers,
    });
    // Series that are there from the start let rate() see the first of them; why tokens are refused has too many.
    for (const result of ['remembered', 'verified', 'unavailable']) this.tokens.inc({ result }, 0);
    for (const result of ['ok', 'failed']) this.keyFetches.inc({ result }, 0);
  }
}

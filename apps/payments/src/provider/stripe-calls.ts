import { GantryError } from '@gantry/errors';
import type { Dependency } from '@gantry/resilience';
import type { ProviderCommand, ProviderQuery } from './payment-provider.ts';
import { ProviderDeclined, ProviderOutcomeUnknown, ProviderUnavailable } from './provider-failures.ts';
import { currentExchange, StripeExchange } from './stripe-exchange.ts';
import { stripeFailure, type StripeStep } from './stripe-failures.ts';

/** What goes with a request to Stripe beside its parameters. */
interface RequestOptions {
  readonly idempotencyKey?: string;
}

/** Makes calls of Stripe that end in time, are repeated only if they were not done, and say what their failure means. */
export class StripeCalls {
  readonly #psp: Dependency;
  readonly #timeoutMs: number;

  constructor(psp: Dependency, timeoutMs: number) {
    this.#psp = psp;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws ProviderDeclined, ProviderUnavailable or ProviderOutcomeUnknown, and nothing else */
  async make<T>(
    step: StripeStep,
    context: ProviderQuery & Partial<ProviderCommand>,
    request: (options: RequestOptions) => Promise<T>,
  ): Promise<T> {
    const { idempotencyKey } = context;
    const options = idempotencyKey === undefined ? {} : { idempotencyKey };
    /** The attempt of which it is not known what has become. */
    let open: StripeExchange | undefined;
    const attempt = async ({ signal }: { signal: AbortSignal }): Promise<T> => {
      const exchange = new StripeExchange(AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]));
      open = exchange;
      try {
        const answer = await currentExchange.run(exchange, () => request(options));
        open = undefined;
        return answer;
      } catch (error) {
        const failure = stripeFailure(error, step, exchange.sent);
        if (!(failure instanceof ProviderOutcomeUnknown)) open = undefined;
        throw failure;
      }
    };
    try {
      return await this.#psp.run(attempt, { within: context, idempotent: true });
    } catch (error) {
      if (isProviderFailure(error)) throw error;
      // The time was up, or the caller went away, or Stripe is not to be asked at the moment.
      if (open?.sent === true && step !== 'read') throw new ProviderOutcomeUnknown(error as Error);
      const retryAfterSeconds = error instanceof GantryError ? error.retryAfterSeconds : undefined;
      throw new ProviderUnavailable({
        cause: error as Error,
        ...(retryAfterSeconds && { retryAfterSeconds }),
      });
    }
  }
}

function isProviderFailure(error: unknown): boolean {
  return (
    error instanceof ProviderDeclined ||
    error instanceof ProviderUnavailable ||
    error instanceof ProviderOutcomeUnknown
  );
}

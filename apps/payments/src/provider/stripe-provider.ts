import type { Config } from '@gantry/config';
import type { Money } from '@gantry/money';
import type { Dependency, DependencyOptions, Resilience } from '@gantry/resilience';
import type { Stripe } from 'stripe';
import {
  PaymentProvider,
  type NewIntent,
  type NewRefund,
  type ProviderCommand,
  type ProviderEvent,
  type ProviderIntent,
  type ProviderQuery,
  type ProviderRefund,
} from './payment-provider.ts';
import { ProviderDeclined, ProviderUnavailable } from './provider-failures.ts';
import { toStripeAmount } from './stripe-amount.ts';
import { StripeCalls } from './stripe-calls.ts';
import { stripeClient } from './stripe-client.ts';
import { toIntent, toRefund } from './stripe-objects.ts';
import { readStripeWebhook } from './stripe-webhook.ts';
import { stripeSettings } from './stripe.config.ts';

/** What an attempt may take beyond its request, so that the request is given up first and says what that means. */
const GRACE_MS = 500;

/** Refunds in one answer, the most that Stripe gives. */
const PAGE = 100;

/** What Stripe calls a token for something to pay with. */
const PAYMENT_METHOD = /^(pm|card|src|ba)_\w{1,200}$/;

/**
 * Payments through Stripe, or through whatever speaks its API. To be made once for each process.
 *
 * @param options - how the dependency `psp` is called, where that differs from the defaults here
 * @throws TypeError if a live key would leave for somewhere else than Stripe
 */
export function stripeProvider(
  config: Config,
  resilience: Resilience,
  options: DependencyOptions = {},
): StripeProvider {
  const settings = config.get(stripeSettings);
  const { timeoutMs } = settings;
  const psp = resilience.dependency('psp', {
    attemptMs: timeoutMs + GRACE_MS,
    deadlineMs: 3 * timeoutMs,
    bulkhead: { concurrent: 25, queued: 100 },
    ...options,
    // Only what definitely was not done is done again behind the caller's back.
    isRetryable: (error) => error instanceof ProviderUnavailable && !error.misconfigured,
  });
  return new StripeProvider(stripeClient(settings), psp, timeoutMs, () => ({
    secret: settings.webhookSecret?.value(),
    toleranceSeconds: settings.webhookToleranceSeconds,
  }));
}

/** The adapter for Stripe's API. Made by {@link stripeProvider}. */
export class StripeProvider extends PaymentProvider {
  readonly #stripe: Stripe;
  readonly #calls: StripeCalls;
  readonly #webhooks: () => { secret: string | undefined; toleranceSeconds: number };

  constructor(
    stripe: Stripe,
    psp: Dependency,
    timeoutMs: number,
    webhooks: () => { secret: string | undefined; toleranceSeconds: number },
  ) {
    super();
    this.#stripe = stripe;
    this.#calls = new StripeCalls(psp, timeoutMs);
    this.#webhooks = webhooks;
  }

  override async create(intent: NewIntent, command: ProviderCommand): Promise<ProviderIntent> {
    const { operationId, money, paymentMethod, captureMethod, metadata } = intent;
    // Whatever else this is, it must not get into anybody's log.
    if (!PAYMENT_METHOD.test(paymentMethod)) throw new ProviderDeclined('payment_method_invalid');
    const amount = amountOf(money);
    return this.#calls.make('create', command, async (options) =>
      toIntent(
        await this.#stripe.paymentIntents.create(
          {
            amount,
            currency: money.currency.toLowerCase(),
            payment_method: paymentMethod,
            allowed_payment_method_types: ['card'],
            capture_method: captureMethod,
            metadata: { ...metadata, operation_id: operationId },
          },
          options,
        ),
      ),
    );
  }

  override async confirm(intentId: string, command: ProviderCommand): Promise<ProviderIntent> {
    // Nobody is there to be asked by the bank.
    const params = { error_on_requires_action: true };
    return this.#calls.make('confirm', command, async (options) =>
      toIntent(await this.#stripe.paymentIntents.confirm(intentId, params, options)),
    );
  }

  override async retrieve(intentId: string, query: ProviderQuery): Promise<ProviderIntent> {
    return this.#calls.make('read', query, async () =>
      toIntent(await this.#stripe.paymentIntents.retrieve(intentId)),
    );
  }

  override async capture(intentId: string, money: Money, command: ProviderCommand): Promise<ProviderIntent> {
    const params = { amount_to_capture: amountOf(money) };
    return this.#calls.make('capture', command, async (options) =>
      toIntent(await this.#stripe.paymentIntents.capture(intentId, params, options)),
    );
  }

  override async cancel(intentId: string, command: ProviderCommand): Promise<ProviderIntent> {
    return this.#calls.make('cancel', command, async (options) =>
      toIntent(await this.#stripe.paymentIntents.cancel(intentId, {}, options)),
    );
  }

  override async refund(refund: NewRefund, command: ProviderCommand): Promise<ProviderRefund> {
    const params = {
      payment_intent: refund.intentId,
      amount: amountOf(refund.money),
      metadata: { ...refund.metadata, operation_id: refund.operationId },
    };
    return this.#calls.make('refund', command, async (options) =>
      toRefund(await this.#stripe.refunds.create(params, options)),
    );
  }

  override async findRefund(
    intentId: string,
    operationId: string,
    query: ProviderQuery,
  ): Promise<ProviderRefund | undefined> {
    let after: string | undefined;
    do {
      const params = {
        payment_intent: intentId,
        limit: PAGE,
        ...(after !== undefined && { starting_after: after }),
      };
      const { data, has_more } = await this.#calls.make('read', query, () =>
        this.#stripe.refunds.list(params),
      );
      const found = data.find(({ metadata }) => metadata?.operation_id === operationId);
      if (found !== undefined) return toRefund(found);
      after = has_more ? data.at(-1)?.id : undefined;
    } while (after !== undefined);
    return undefined;
  }

  override parseWebhook(body: string, signature: string | undefined): ProviderEvent {
    return readStripeWebhook(this.#stripe, body, signature, this.#webhooks());
  }
}

function amountOf(money: Money): number {
  const amount = toStripeAmount(money);
  if (amount === undefined) throw new ProviderDeclined('amount_not_accepted');
  return amount;
}

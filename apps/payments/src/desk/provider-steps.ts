import { Config } from '@gantry/config';
import { Injectable } from '@nestjs/common';
import type { PaymentOperation } from '../domain/operation.ts';
import type { Payment } from '../domain/payment.ts';
import {
  PaymentProvider,
  type ProviderCommand,
  type ProviderIntent,
  type ProviderQuery,
  type ProviderRefund,
} from '../provider/payment-provider.ts';
import {
  ProviderDeclined,
  ProviderOutcomeUnknown,
  ProviderUnavailable,
} from '../provider/provider-failures.ts';
import { paymentsSettings } from '../payments.config.ts';

/** What is done at the provider for one operation, by whom and until when. */
export interface Errand {
  readonly tenant: string;
  readonly operation: PaymentOperation;
  readonly payment: Payment;
  /** In milliseconds of `performance.now()`. */
  readonly deadline: number;
}

/** How often one step is tried before it is left to a later attempt. */
const MOST_TRIES = 4;

/** Clocks of replicas differ by less. */
const CLOCK_SKEW_MS = 5_000;

/**
 * The steps of operations at the provider, outside of any transaction. Each may be repeated at any time and by several
 * at once: an intent is confirmed, captured and cancelled once whatever is sent, and a refund is looked for before it
 * is made, always with the same idempotency key until the provider has proved that this one has come to nothing.
 */
@Injectable()
export class ProviderSteps {
  readonly #giveUpMs: number;
  readonly #stepMs: number;

  constructor(
    private readonly provider: PaymentProvider,
    config: Config,
  ) {
    const { giveUpSeconds, stepSeconds } = config.get(paymentsSettings);
    this.#giveUpMs = giveUpSeconds * 1_000;
    this.#stepMs = stepSeconds * 1_000;
  }

  /** Has this charge waited for too long to be begun now? */
  isGivenUp(operation: PaymentOperation): boolean {
    return quietMs(operation) > this.#giveUpMs;
  }

  /**
   * Makes the intent of a charge. No money moves.
   *
   * @throws ProviderUnavailable whatever has become of it: an intent that nobody knows is worth nothing
   */
  async intend(errand: Errand): Promise<ProviderIntent> {
    const { tenant, operation, payment } = errand;
    const intent = {
      operationId: operation.id,
      money: { amount: payment.amount, currency: payment.currency },
      paymentMethod: payment.paymentMethod,
      captureMethod: payment.captureMethod,
      metadata: { tenant, payment_id: payment.id },
    };
    try {
      return await this.#settle(errand, 'create', (command) => this.provider.create(intent, command));
    } catch (error) {
      if (error instanceof ProviderOutcomeUnknown) throw new ProviderUnavailable({ cause: error });
      throw error;
    }
  }

  /** The truth about an intent. */
  retrieve(intentId: string, { deadline }: ProviderQuery): Promise<ProviderIntent> {
    return this.provider.retrieve(intentId, { deadline });
  }

  /**
   * Brings an intent to its outcome: confirms it, or cancels it if it has waited for too long. In between it is only
   * looked at, so that no confirmation can be under way when it is cancelled: it could be lost.
   */
  async confirm(errand: Errand, intent: ProviderIntent): Promise<ProviderIntent> {
    if (intent.status !== 'requires_confirmation') return intent;
    const waitedMs = quietMs(errand.operation);
    const look = () => this.#lookFor(intent.id, errand, ({ status }) => status !== 'requires_confirmation');
    if (waitedMs <= this.#giveUpMs) {
      const confirm = (command: ProviderCommand) => this.provider.confirm(intent.id, command);
      return this.#settle(errand, 'confirm', confirm, look);
    }
    if (waitedMs <= this.#giveUpMs + this.#stepMs + CLOCK_SKEW_MS) throw new ProviderUnavailable();
    const cancel = (command: ProviderCommand) => this.provider.cancel(intent.id, command);
    return this.#settle(errand, 'give-up', cancel, look);
  }

  /** Takes held money, or finds that it cannot be taken any more. */
  capture(errand: Errand): Promise<ProviderIntent> {
    const { payment, operation } = errand;
    const intentId = payment.providerIntentId!;
    const money = { amount: operation.amount!, currency: payment.currency };
    const capture = (command: ProviderCommand) => this.provider.capture(intentId, money, command);
    return this.#settle(errand, 'capture', capture, () => this.#lookFor(intentId, errand, isNoLongerHeld));
  }

  /** Lets held money go, or finds that it was taken. */
  cancel(errand: Errand): Promise<ProviderIntent> {
    const intentId = errand.payment.providerIntentId!;
    const cancel = (command: ProviderCommand) => this.provider.cancel(intentId, command);
    return this.#settle(errand, 'cancel', cancel, () => this.#lookFor(intentId, errand, isNoLongerHeld));
  }

  /** Gives money back. The provider is asked first: a day later it would have forgotten the idempotency key. */
  async refund(errand: Errand): Promise<ProviderRefund> {
    const { tenant, payment, operation, deadline } = errand;
    const intentId = payment.providerIntentId!;
    const look = () => this.provider.findRefund(intentId, operation.id, { deadline });
    const refund = {
      operationId: operation.id,
      intentId,
      money: { amount: operation.amount!, currency: payment.currency },
      metadata: { tenant, payment_id: payment.id },
    };
    const found = await look();
    return found ?? this.#settle(errand, 'refund', (command) => this.provider.refund(refund, command), look);
  }

  async #lookFor(
    intentId: string,
    query: ProviderQuery,
    isSettled: (intent: ProviderIntent) => boolean,
  ): Promise<ProviderIntent | undefined> {
    const intent = await this.retrieve(intentId, query);
    return isSettled(intent) ? intent : undefined;
  }

  /**
   * Does one step, and asks when its outcome is not known. It is tried again with the same key, so that it happens
   * once, until the provider says that the request with this key has ended: then, if nothing came of it, with the next.
   * All who try go along the same keys.
   */
  async #settle<Truth>(
    { operation, deadline }: Errand,
    step: string,
    act: (command: ProviderCommand) => Promise<Truth>,
    look: () => Promise<Truth | undefined> = () => Promise.resolve(undefined),
  ): Promise<Truth> {
    let attempt = 1;
    let lost: ProviderOutcomeUnknown | undefined;
    for (let tries = 1; ; tries += 1) {
      try {
        return await act({ idempotencyKey: `${operation.id}:${step}:${attempt}`, deadline });
      } catch (failure) {
        if (failure instanceof ProviderOutcomeUnknown) lost = failure;
        // What a later try was told says nothing about one that may still be under way.
        if (lost === undefined) throw failure;
        const unknown = lost;
        const truth = await look().catch(() => Promise.reject(unknown));
        if (truth !== undefined) return truth;
        if (failure instanceof ProviderDeclined) throw failure;
        if (failure !== lost || tries === MOST_TRIES || performance.now() >= deadline) throw lost;
        if (lost.isOver) attempt += 1;
      }
    }
  }
}

/** Since its phase last changed: a payment may have waited for its approval for as long as people take. */
function quietMs({ updatedAt }: PaymentOperation): number {
  return Date.now() - Date.parse(updatedAt);
}

function isNoLongerHeld({ status }: ProviderIntent): boolean {
  return status !== 'authorized';
}

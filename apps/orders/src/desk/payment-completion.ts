import { Config } from '@gantry/config';
import { asGantryError } from '@gantry/errors';
import { Log } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { PaymentAttempt } from '../domain/payment-attempt.ts';
import { paymentDeclined, paymentInFlight, paymentOutcomeOpen } from '../domain/payment-refusals.ts';
import { paymentsServer, PaymentsServer, type ChargeOutcome } from '../remote/payments-server.ts';
import { OrderStore } from '../store/order.store.ts';
import { PaymentAttemptStore } from '../store/payment-attempt.store.ts';
import { OrderPayments } from './order-payments.ts';
import { orderView } from './order.view.ts';

/** For what is written after the payments server has answered: that is worth more than the time of the call. */
const WRITE_MS = 5_000;

/** When to come again if the payments server has not said. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Takes attempts to pay to their end: for the call that began one, for its repetitions and for the job alike.
 *
 * A lease keeps them from asking at the same time. If it is lost, nothing else is: the payments server charges once for
 * the key of the attempt whoever asks, and of several who write what came of it, the first does and the others find it
 * written.
 */
@Injectable()
export class PaymentCompletion {
  /** Outlasts one question. */
  readonly leaseSeconds: number;

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly attempts: PaymentAttemptStore,
    private readonly orderPayments: OrderPayments,
    private readonly payments: PaymentsServer,
    private readonly log: Log,
    config: Config,
  ) {
    this.leaseSeconds = (config.get(paymentsServer.settings).deadlineMs + WRITE_MS) / 1_000;
  }

  /**
   * Goes on with an attempt from wherever it is.
   *
   * @throws GantryError as {@link complete} does; `idempotency_in_flight` if somebody else is at it
   */
  async resume(tenant: string, id: string, deadline?: number): Promise<PaymentAttempt> {
    const { attempt, isLeased } = await this.#write(tenant, async () => {
      const leased = await this.attempts.lease(id, this.leaseSeconds);
      return { attempt: leased ?? (await this.attempts.find(id)), isLeased: leased !== undefined };
    });
    if (!attempt) throw new Error(`There is no attempt ${id}.`);
    if (attempt.phase === 'finished') return attempt;
    if (!isLeased) throw paymentInFlight(attempt.orderId);
    return this.complete(tenant, attempt, deadline);
  }

  /**
   * Asks the payments server, and writes down what it says.
   *
   * @param attempt - whose lease has just been taken
   * @param deadline - when the server has to have answered, in milliseconds of `performance.now()`
   * @returns the attempt, finished; or not, if it waits for somebody to approve it
   * @throws GantryError `dependency_unavailable` if the server could not be asked or did not say. The attempt stays
   * where it is.
   */
  async complete(tenant: string, attempt: PaymentAttempt, deadline = Infinity): Promise<PaymentAttempt> {
    let outcome: ChargeOutcome;
    try {
      outcome = await this.payments.charge(attempt, { tenant, deadline, trace: attempt.trace });
    } catch (error) {
      await this.#leave(tenant, attempt);
      const { retryAfterSeconds = RETRY_AFTER_SECONDS } = asGantryError(error);
      throw paymentOutcomeOpen(attempt.orderId, retryAfterSeconds, error);
    }
    return this.#write(tenant, () => this.#settle(tenant, attempt, outcome));
  }

  /** What came of it, once: the order, its event and the answer. */
  async #settle(
    tenant: string,
    { id, orderId, attempt: number }: PaymentAttempt,
    outcome: ChargeOutcome,
  ): Promise<PaymentAttempt> {
    // The order first, as everywhere.
    await this.orders.lock(orderId);
    const attempt = (await this.attempts.find(id))!;
    if (attempt.phase === 'finished') return attempt;
    const { kind, paymentId } = outcome;
    if (kind === 'awaiting_approval') return (await this.attempts.leave(id, paymentId))!;
    if (kind === 'captured') {
      const paid = await this.orderPayments.succeeded(tenant, orderId, paymentId);
      return this.attempts.finish(id, { output: orderView(paid) }, paymentId);
    }
    await this.orderPayments.failed(tenant, orderId, number, outcome.reason);
    const refusal = paymentDeclined(orderId, outcome.reason, paymentId);
    return this.attempts.finish(id, { error: refusal.toEnvelope() }, paymentId);
  }

  async #leave(tenant: string, { id }: PaymentAttempt): Promise<void> {
    try {
      await this.#write(tenant, () => this.attempts.leave(id));
    } catch (err) {
      this.log.warn(
        { err, attempt: id },
        'An attempt to pay could not be left in order; its lease will run out.',
      );
    }
  }

  /** Not on the time of the call: the payments server has been asked, and what it said must not be lost. */
  #write<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    return this.database.write({ tenant, deadline: performance.now() + WRITE_MS }, work);
  }
}

import { Config } from '@gantry/config';
import { GantryError } from '@gantry/errors';
import { fingerprint, waitWhileInFlight } from '@gantry/idempotency';
import { Jobs } from '@gantry/jobs';
import { traceContext } from '@gantry/mcp-client';
import type { RunningCall } from '@gantry/pipeline';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import { expectSameArguments, type PaymentAttempt } from '../domain/payment-attempt.ts';
import { paymentNeedsApproval } from '../domain/payment-refusals.ts';
import { ordersSettings } from '../orders.config.ts';
import { PaymentsServer } from '../remote/payments-server.ts';
import { OrderStore } from '../store/order.store.ts';
import { PaymentAttemptStore } from '../store/payment-attempt.store.ts';
import { unfinishedPaymentAttempts } from '../workflows/queues.ts';
import { authorOf } from './author.ts';
import { OrderPayments } from './order-payments.ts';
import type { OrderOutput } from './order.view.ts';
import { PaymentCompletion } from './payment-completion.ts';

/** How an order is to be paid, as a caller says it. */
export interface WantedPayment {
  readonly orderId: string;
  readonly paymentMethod: string;
}

/** Of the time of a call, what is left to write down and tell what the payments server has said. */
const MARGIN_MS = 3_000;

/**
 * Has orders paid. Each call is written down before the payments server hears of it, then brought to its end; the same
 * key finds what was written down.
 */
@Injectable()
export class PaymentDesk {
  readonly #completeAfterSeconds: number;

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly attempts: PaymentAttemptStore,
    private readonly orderPayments: OrderPayments,
    private readonly completion: PaymentCompletion,
    private readonly payments: PaymentsServer,
    private readonly jobs: Jobs,
    config: Config,
  ) {
    this.#completeAfterSeconds = config.get(ordersSettings).completePaymentAfterSeconds;
  }

  /**
   * Pays an order.
   *
   * @returns the order as it was when it was paid
   */
  async pay(call: RunningCall, wanted: WantedPayment): Promise<OrderOutput> {
    const { tenant } = call.principal;
    const scope = { tenant, signal: call.signal, deadline: call.deadline };
    // Kept until it matters: what was begun before has its answer whether the server can be reached or not.
    const access = this.payments.expectAccess(tenant);
    await access.catch(() => {});
    const { attempt, isNew } = await this.database.write(scope, () => this.#begin(call, wanted, access));
    if (!isNew) return this.#repeat(call, attempt);
    return answerOf(await this.completion.complete(tenant, attempt, askUntil(call)));
  }

  /** From the commit on, it is brought to its end for sure: by this call, by a repetition or by the job. */
  async #begin(
    call: RunningCall,
    { orderId, paymentMethod }: WantedPayment,
    access: Promise<void>,
  ): Promise<{ attempt: PaymentAttempt; isNew: boolean }> {
    const requestedBy = authorOf(call.principal);
    const idempotencyKey = call.idempotencyKey!;
    // The order first: of all who want to pay it, one at a time.
    await this.orders.lock(orderId);
    const earlier = await this.attempts.findByKey(requestedBy, idempotencyKey);
    if (earlier) return { attempt: earlier, isNew: false };
    await access;
    const order = await this.orderPayments.begin(call.principal.tenant, orderId);
    const attempt = await this.attempts.begin(
      {
        id: typeid('pat').toString(),
        orderId,
        attempt: order.paymentAttempt,
        requestedBy,
        idempotencyKey,
        fingerprint: fingerprint(call),
        requestId: call.requestId,
        trace: traceContext(call.meta),
        amount: order.total,
        currency: order.currency,
        paymentMethod,
      },
      this.completion.leaseSeconds,
    );
    await this.jobs.enqueue(
      unfinishedPaymentAttempts,
      { attempt_id: attempt.id },
      { startAfter: this.#completeAfterSeconds, singletonKey: attempt.id },
    );
    return { attempt, isNew: true };
  }

  /** The answer to a call whose key was used before: waits a little for it, and asks if nobody else does. */
  async #repeat(call: RunningCall, begun: PaymentAttempt): Promise<OrderOutput> {
    expectSameArguments(begun, fingerprint(call));
    const attempt = await this.#ended(call, begun);
    if (attempt.phase === 'finished') call.resultMeta['idempotent_replay'] = true;
    return answerOf(attempt);
  }

  async #ended(call: RunningCall, begun: PaymentAttempt): Promise<PaymentAttempt> {
    if (begun.phase === 'finished') return begun;
    const { tenant } = call.principal;
    return waitWhileInFlight(() => this.completion.resume(tenant, begun.id, askUntil(call)), call.signal);
  }
}

function askUntil({ deadline }: RunningCall): number {
  return deadline - MARGIN_MS;
}

/** What an attempt came to; if it has not ended, it waits for somebody to approve it. */
function answerOf({ answer, orderId, paymentId }: PaymentAttempt): OrderOutput {
  if (answer === null) throw paymentNeedsApproval(orderId, paymentId);
  if ('error' in answer) throw GantryError.fromEnvelope(answer.error);
  return answer.output as OrderOutput;
}

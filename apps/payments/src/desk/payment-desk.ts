import { Config } from '@gantry/config';
import { GantryError } from '@gantry/errors';
import { fingerprint } from '@gantry/idempotency';
import { Jobs } from '@gantry/jobs';
import type { RunningCall } from '@gantry/pipeline';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { OperationKind, PaymentOperation } from '../domain/operation.ts';
import {
  amountToCapture,
  amountToRefund,
  expectCancellable,
  type Payment,
  type PaymentRequest,
} from '../domain/payment.ts';
import { paymentNotFound } from '../domain/refusals.ts';
import { paymentsSettings } from '../payments.config.ts';
import type { Lease } from '../store/operation-leases.ts';
import { OperationLog, type NewOperation } from '../store/operation-log.ts';
import { PaymentStore } from '../store/payment.store.ts';
import { unfinishedOperations } from '../workflows/queues.ts';
import { actorOf } from './actor.ts';
import { Answers } from './answers.ts';
import { Approvals } from './approvals.ts';
import { Completion } from './completion.ts';
import type { PaymentOutput } from './payment.view.ts';

/** What is to be paid, as a caller says it. */
export type WantedPayment = Omit<PaymentRequest, 'id' | 'createdBy' | 'captureMethod'>;

/** What is to be done with a payment that exists. */
export interface WantedChange {
  readonly paymentId: string;
  /** All that is possible if left out. */
  readonly amount?: number | undefined;
}

interface Begun {
  readonly operation: PaymentOperation;
  /** None if there is nothing to do at the provider, or somebody else does it. */
  readonly lease?: Lease | undefined;
  readonly isReplay: boolean;
}

/**
 * What callers can have done with payments. Each call is written down before the provider hears of it, then brought to
 * its end; the same key finds what was written down.
 */
@Injectable()
export class PaymentDesk {
  readonly #completeAfterSeconds: number;

  constructor(
    private readonly database: Database,
    private readonly payments: PaymentStore,
    private readonly operations: OperationLog,
    private readonly completion: Completion,
    private readonly answers: Answers,
    private readonly approvals: Approvals,
    private readonly jobs: Jobs,
    config: Config,
  ) {
    this.#completeAfterSeconds = config.get(paymentsSettings).completeAfterSeconds;
  }

  /** Makes a payment: holds its money, or takes it at once. */
  async charge(
    call: RunningCall,
    kind: 'authorize' | 'process',
    wanted: WantedPayment,
  ): Promise<PaymentOutput> {
    // Looked up before anybody is asked: a question comes before an effect, never after.
    const { principal, signal, deadline } = call;
    const scope = { tenant: principal.tenant, signal, deadline };
    const earlier = await this.database.read(scope, () => this.operations.findByKey(keyOf(call)));
    if (earlier) return this.#answer(call, { operation: earlier, isReplay: true });
    const request: PaymentRequest = {
      ...wanted,
      id: typeid('pay').toString(),
      captureMethod: kind === 'process' ? 'automatic' : 'manual',
      createdBy: actorOf(principal),
    };
    const consent = await this.approvals.consent(call, request);
    const begun = await this.#write(call, async (): Promise<Begun> => {
      const phase = consent === 'not_needed' || consent === 'approved' ? 'started' : 'awaiting_approval';
      const operation = { ...newOperation(call, request.id, kind, request.amount), phase } as const;
      const beginning = await this.operations.begin(operation);
      if (!beginning.isNew) return { operation: beginning.operation, isReplay: true };
      const payment = await this.payments.insert(
        request,
        phase === 'started' ? 'processing' : 'approval_required',
      );
      if (consent === 'approved' || consent === 'rejected')
        await this.approvals.record(call, payment, consent);
      if (consent === 'rejected')
        return { operation: await this.approvals.reject(payment, beginning.operation), isReplay: false };
      if (phase === 'awaiting_approval') return { operation: beginning.operation, isReplay: false };
      return this.#begin(beginning.operation);
    });
    return this.#answer(call, begun);
  }

  /** Takes held money. */
  capture(call: RunningCall, wanted: WantedChange): Promise<PaymentOutput> {
    return this.#change(call, 'capture', wanted, (payment) => amountToCapture(payment, wanted.amount).amount);
  }

  /** Gives money back. */
  refund(call: RunningCall, wanted: WantedChange): Promise<PaymentOutput> {
    return this.#change(call, 'refund', wanted, (payment) => amountToRefund(payment, wanted.amount).amount);
  }

  /** Calls a payment off before its money is taken. */
  cancel(call: RunningCall, wanted: WantedChange): Promise<PaymentOutput> {
    return this.#change(call, 'cancel', wanted, (payment) => {
      expectCancellable(payment);
      return null;
    });
  }

  async #change(
    call: RunningCall,
    kind: 'capture' | 'refund' | 'cancel',
    { paymentId, amount }: WantedChange,
    check: (payment: Payment) => number | null,
  ): Promise<PaymentOutput> {
    const begun = await this.#write(call, async (): Promise<Begun> => {
      // The payment first: of all who want something of it, one at a time.
      const payment = await this.payments.lock(paymentId);
      const earlier = await this.operations.findByKey(keyOf(call));
      if (earlier) return { operation: earlier, isReplay: true };
      if (!payment) throw paymentNotFound(paymentId);
      const checked = outcomeOf(() => check(payment));
      const sought = kind === 'cancel' ? null : (amount ?? payment.amount);
      const moved = checked instanceof GantryError ? sought : checked;
      const { operation, isNew } = await this.operations.begin(newOperation(call, paymentId, kind, moved));
      // The same key, at the same moment, for another payment.
      if (!isNew) return { operation, isReplay: true };
      if (checked instanceof GantryError) {
        const finished = await this.operations.finish(operation, { error: checked.toEnvelope() });
        return { operation: finished!, isReplay: false };
      }
      if (payment.state === 'approval_required')
        return { operation: await this.approvals.callOff(payment, operation), isReplay: false };
      return this.#begin(operation);
    });
    return this.#answer(call, begun);
  }

  /** From the commit on, it is done for sure: by this call, by a repetition or by the job. */
  async #begin(operation: PaymentOperation): Promise<Begun> {
    await this.jobs.enqueue(
      unfinishedOperations,
      { operation_id: operation.id },
      { startAfter: this.#completeAfterSeconds, singletonKey: operation.id },
    );
    return { operation, lease: await this.completion.lease(operation.id), isReplay: false };
  }

  async #answer(call: RunningCall, { operation, lease, isReplay }: Begun): Promise<PaymentOutput> {
    if (isReplay) return this.answers.repeat(call, operation, fingerprint(call));
    if (!lease) return this.answers.give(call, operation);
    return this.answers.give(
      call,
      await this.completion.complete(call.principal.tenant, operation.id, lease),
    );
  }

  #write<T>({ principal: { tenant }, signal, deadline }: RunningCall, work: () => Promise<T>): Promise<T> {
    return this.database.write({ tenant, signal, deadline }, work);
  }
}

function keyOf(call: RunningCall) {
  return {
    requestedBy: actorOf(call.principal),
    tool: call.tool.name,
    idempotencyKey: call.idempotencyKey!,
  };
}

function newOperation(
  call: RunningCall,
  paymentId: string,
  kind: OperationKind,
  amount: number | null,
): NewOperation {
  return {
    ...keyOf(call),
    id: typeid('pop').toString(),
    paymentId,
    kind,
    fingerprint: fingerprint(call),
    requestId: call.requestId,
    amount,
    phase: 'started',
  };
}

/** What a rule says: its refusal is an answer like any other, to be kept. */
function outcomeOf<T>(rule: () => T): T | GantryError {
  try {
    return rule();
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
}

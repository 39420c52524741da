import { Config } from '@gantry/config';
import { Jobs } from '@gantry/jobs';
import { formatMoney } from '@gantry/money';
import type { ToolCall } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { expectDecidableBy, type Approval } from '../domain/approval.ts';
import type { PaymentOperation } from '../domain/operation.ts';
import { statusAfter, type Payment, type PaymentRequest } from '../domain/payment.ts';
import { approvalExpired, paymentCancelled } from '../domain/operation-refusals.ts';
import { approvalRejected, paymentNotFound } from '../domain/refusals.ts';
import { paymentsSettings } from '../payments.config.ts';
import { ApprovalStore } from '../store/approval.store.ts';
import { OperationLog } from '../store/operation-log.ts';
import { PaymentStore } from '../store/payment.store.ts';
import { unfinishedOperations } from '../workflows/queues.ts';
import { actorOf } from './actor.ts';
import { paymentView } from './payment.view.ts';

/** Whether a payment may be made, as far as that is known when it is asked for. */
export type Consent = 'not_needed' | Approval['decision'] | 'open';

const consentForm = z.object({ approve: z.boolean().meta({ title: 'Approve this payment' }) });

/** Who decides about payments above the threshold: the person behind the client, or a second principal. */
@Injectable()
export class Approvals {
  constructor(
    private readonly payments: PaymentStore,
    private readonly operations: OperationLog,
    private readonly approvals: ApprovalStore,
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  /**
   * Asks the person behind the client, if that is needed and possible. Nothing in the arguments counts as consent.
   *
   * @throws InputRequired if the person has to be asked first
   */
  async consent(call: ToolCall, request: PaymentRequest): Promise<Consent> {
    const { approvalRule } = this.config.get(paymentsSettings);
    if (!approvalRule.requiresApproval(request)) return 'not_needed';
    if (!call.canAsk) return 'open';
    const answer = await call.ask('approval', { message: questionAbout(request), schema: consentForm });
    // Who closes the form has said nothing: somebody else may decide.
    if (answer.action === 'cancel') return 'open';
    return answer.action === 'accept' && answer.content.approve ? 'approved' : 'rejected';
  }

  /** Keeps what the person behind the client has said. */
  async record(call: ToolCall, payment: Payment, decision: Approval['decision']): Promise<void> {
    await this.approvals.decide(payment, {
      decision,
      method: 'elicitation',
      decidedBy: actorOf(call.principal),
      reason: null,
      requestId: call.requestId,
    });
  }

  /**
   * What a second principal decides, in the current unit of work. An approved payment is charged as soon as that
   * commits, by whichever replica comes first.
   *
   * @throws GantryError `payment_not_found`, `approval_not_possible`
   */
  async decide(
    call: ToolCall,
    paymentId: string,
    decision: Approval['decision'],
    reason: string | null,
  ): Promise<Payment> {
    const payment = await this.payments.lock(paymentId);
    if (!payment) throw paymentNotFound(paymentId);
    const decidedBy = actorOf(call.principal);
    expectDecidableBy(payment, decidedBy);
    const operation = (await this.operations.unfinishedOf(paymentId))!;
    await this.approvals.decide(payment, {
      decision,
      method: 'second_principal',
      decidedBy,
      reason,
      requestId: call.requestId,
    });
    if (decision === 'rejected') {
      await this.reject(payment, operation);
      return (await this.payments.find(paymentId))!;
    }
    await this.operations.advance(operation, 'started');
    await this.jobs.enqueue(
      unfinishedOperations,
      { operation_id: operation.id },
      { singletonKey: operation.id },
    );
    return (await this.payments.save(payment, statusAfter(payment, { type: 'approved' })))!;
  }

  /** Ends a payment that somebody said no to. */
  async reject(payment: Payment, operation: PaymentOperation): Promise<PaymentOperation> {
    await this.payments.save(payment, statusAfter(payment, { type: 'cancelled' }));
    const error = approvalRejected(payment.id).toEnvelope();
    return (await this.operations.finish(operation, { error }))!;
  }

  /**
   * Ends a payment that nobody has decided about, in the current unit of work.
   *
   * @returns false if somebody has decided after all
   */
  async expire(operationId: string): Promise<boolean> {
    const { paymentId } = (await this.operations.find(operationId))!;
    // The payment first, as everybody does who wants something of it.
    const payment = (await this.payments.lock(paymentId))!;
    if (payment.state !== 'approval_required') return false;
    const waiting = (await this.operations.unfinishedOf(paymentId))!;
    await this.payments.save(payment, statusAfter(payment, { type: 'cancelled' }));
    await this.operations.finish(waiting, { error: approvalExpired(paymentId).toEnvelope() });
    return true;
  }

  /** Ends a payment that waits for approval because it is cancelled: the provider need not know. */
  async callOff(payment: Payment, cancellation: PaymentOperation): Promise<PaymentOperation> {
    const saved = (await this.payments.save(payment, statusAfter(payment, { type: 'cancelled' })))!;
    const finished = await this.operations.finish(cancellation, { output: paymentView(saved) });
    const waiting = (await this.operations.unfinishedOf(payment.id))!;
    await this.operations.finish(waiting, { error: paymentCancelled(payment.id).toEnvelope() });
    return finished!;
  }
}

/** The same words whenever the same payment is asked for: an answer counts for the very question alone. */
function questionAbout({ amount, currency, paymentMethod, description, reference }: PaymentRequest): string {
  const details = [
    `Pay ${formatMoney({ amount, currency })} with ${paymentMethod}?`,
    description !== null && `For: ${oneLine(description)}`,
    reference !== null && `Reference: ${oneLine(reference)}`,
  ];
  return details.filter((line) => line !== false).join('\n');
}

/** A text of the caller's must not look like a line of ours. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

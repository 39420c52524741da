import { GantryError } from '@gantry/errors';
import { waitWhileInFlight } from '@gantry/idempotency';
import type { RunningCall } from '@gantry/pipeline';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { expectSameArguments, type PaymentOperation } from '../domain/operation.ts';
import { approvalRequired } from '../domain/refusals.ts';
import { PaymentStore } from '../store/payment.store.ts';
import { Completion } from './completion.ts';
import type { PaymentOutput } from './payment.view.ts';

/** Gives calls the answer of their operation, be it the first call with a key or a repetition. */
@Injectable()
export class Answers {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentStore,
    private readonly completion: Completion,
  ) {}

  /**
   * The answer of an operation.
   *
   * @throws GantryError the refusal that it came to; `approval_required` if it waits for that
   */
  async give({ principal: { tenant } }: RunningCall, operation: PaymentOperation): Promise<PaymentOutput> {
    const { answer, phase } = operation;
    if (phase === 'awaiting_approval') throw await this.#approvalRequired(tenant, operation);
    if (!answer) throw new Error(`The operation ${operation.id} has no answer yet.`);
    if ('error' in answer) throw GantryError.fromEnvelope(answer.error);
    return answer.output as PaymentOutput;
  }

  /**
   * The answer to a call whose key was used before: waits a little for it, and takes the operation to its end if nobody
   * else is at it.
   *
   * @throws GantryError `idempotency_conflict`, `idempotency_in_flight`, or what the operation came to
   */
  async repeat(call: RunningCall, begun: PaymentOperation, fingerprint: Buffer): Promise<PaymentOutput> {
    expectSameArguments(begun, fingerprint);
    const operation = await this.#ended(call, begun);
    if (operation.phase === 'finished') call.resultMeta['idempotent_replay'] = true;
    return this.give(call, operation);
  }

  async #ended({ principal, signal }: RunningCall, begun: PaymentOperation): Promise<PaymentOperation> {
    if (begun.phase === 'finished' || begun.phase === 'awaiting_approval') return begun;
    return waitWhileInFlight(() => this.completion.complete(principal.tenant, begun.id), signal);
  }

  async #approvalRequired(tenant: string, { paymentId }: PaymentOperation): Promise<GantryError> {
    const payment = await this.database.read({ tenant }, () => this.payments.find(paymentId));
    return approvalRequired(paymentId, payment!);
  }
}

import { Config } from '@gantry/config';
import { Log } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { PaymentOperation } from '../domain/operation.ts';
import { statusAfter, type Payment } from '../domain/payment.ts';
import { nextState } from '../domain/payment-state-machine.ts';
import { capturePosting, refundPosting } from '../domain/posting.ts';
import { operationInFlight, outcomeUnknown, providerUnavailable } from '../domain/operation-refusals.ts';

import { paymentsSettings } from '../payments.config.ts';
import type { ProviderIntent } from '../provider/payment-provider.ts';
import {
  ProviderDeclined,
  ProviderOutcomeUnknown,
  ProviderUnavailable,
} from '../provider/provider-failures.ts';
import { Ledger } from '../store/ledger.ts';
import { OperationLeases, type Lease } from '../store/operation-leases.ts';
import { OperationLog } from '../store/operation-log.ts';
import { PaymentStore } from '../store/payment.store.ts';
import {
  declinedCharge,
  intentEvent,
  refundEnding,
  refusalBy,
  refusedChange,
  type Ending,
} from './ending.ts';
import { paymentView } from './payment.view.ts';
import { ProviderSteps, type Errand } from './provider-steps.ts';

/** For what is written after the provider has answered: that is worth more than the time of the call. */
const WRITE_MS = 5_000;

/**
 * Takes operations from whatever phase they are in to their end: for the call that began one, for its repetitions, for
 * the job and for webhooks alike.
 *
 * A lease keeps them from doing it at the same time. If it is lost, nothing else is: steps at the provider may be
 * repeated, and of several who write what came of it, the first does and the others find it written.
 */
@Injectable()
export class Completion {
  readonly #stepMs: number;

  constructor(
    private readonly database: Database,
    private readonly payments: PaymentStore,
    private readonly operations: OperationLog,
    private readonly ledger: Ledger,
    private readonly leases: OperationLeases,
    private readonly steps: ProviderSteps,
    private readonly log: Log,
    config: Config,
  ) {
    this.#stepMs = config.get(paymentsSettings).stepSeconds * 1_000;
  }

  /** Takes the lease of an operation, in the current unit of work. It outlasts one attempt. */
  lease(operationId: string): Promise<Lease | undefined> {
    return this.leases.take(operationId, (this.#stepMs + WRITE_MS) / 1_000);
  }

  /**
   * Brings an operation to its end.
   *
   * @param lease - of whoever has begun it just now
   * @returns the operation with its answer
   * @throws GantryError that is retryable: somebody else is at it, or the provider could not be asked or did not say.
   * The operation stays where it is.
   */
  async complete(tenant: string, operationId: string, lease?: Lease): Promise<PaymentOperation> {
    const taken = await this.#take(tenant, operationId, lease);
    const { operation, payment } = taken;
    if (operation.phase === 'finished') return operation;
    if (!taken.lease) throw operationInFlight(operation.paymentId);
    try {
      const errand = { tenant, operation, payment, deadline: performance.now() + this.#stepMs };
      return await this.#run(errand, taken.lease);
    } catch (error) {
      await this.#leave(tenant, operation, taken.lease, error);
      throw told(error, operation.paymentId);
    }
  }

  #take(
    tenant: string,
    operationId: string,
    begun: Lease | undefined,
  ): Promise<{ operation: PaymentOperation; payment: Payment; lease: Lease | undefined }> {
    return this.#write(tenant, async () => {
      const operation = await this.operations.find(operationId);
      if (!operation) throw new Error(`There is no operation ${operationId}.`);
      const payment = (await this.payments.find(operation.paymentId))!;
      if (operation.phase === 'finished') return { operation, payment, lease: undefined };
      if (operation.phase === 'awaiting_approval') throw new Error('Nobody has approved this yet.');
      return { operation, payment, lease: begun ?? (await this.lease(operationId)) };
    });
  }

  async #run(errand: Errand, lease: Lease): Promise<PaymentOperation> {
    const { operation } = errand;
    if (operation.kind === 'authorize' || operation.kind === 'process') return this.#charge(errand, lease);
    return this.#finish(errand, await this.#change(errand), lease);
  }

  async #charge(errand: Errand, lease: Lease): Promise<PaymentOperation> {
    const { operation, payment } = errand;
    if (operation.phase === 'intent_created') return this.#confirm(errand, undefined, lease);
    if (this.steps.isGivenUp(operation)) return this.#finish(errand, { event: { type: 'failed' } }, lease);
    let intent: ProviderIntent;
    try {
      intent = await this.steps.intend(errand);
    } catch (error) {
      if (error instanceof ProviderDeclined)
        return this.#finish(errand, declinedCharge(error, payment), lease);
      throw error;
    }
    const known = await this.#remember(errand, intent.id);
    if (known.operation.phase === 'finished') return known.operation;
    // If somebody else has been faster, theirs is the intent, and ours is left alone.
    const isOurs = known.operation.providerReference === intent.id;
    return this.#confirm({ ...errand, ...known }, isOurs ? intent : undefined, lease);
  }

  async #confirm(errand: Errand, made: ProviderIntent | undefined, lease: Lease): Promise<PaymentOperation> {
    let ending: Ending;
    try {
      const intent = made ?? (await this.steps.retrieve(errand.operation.providerReference!, errand));
      ending = { intent: await this.steps.confirm(errand, intent) };
    } catch (error) {
      if (!(error instanceof ProviderDeclined)) throw error;
      ending = declinedCharge(error, errand.payment);
    }
    return this.#finish(errand, ending, lease);
  }

  async #change(errand: Errand): Promise<Ending> {
    const { operation, payment } = errand;
    try {
      if (operation.kind === 'refund') return refundEnding(await this.steps.refund(errand), payment);
      const intent = await (operation.kind === 'capture'
        ? this.steps.capture(errand)
        : this.steps.cancel(errand));
      return { intent, reference: intent.id };
    } catch (error) {
      if (!(error instanceof ProviderDeclined)) throw error;
      const refusal = refusedChange(error, operation);
      // What it was thought to be may have changed meanwhile.
      return operation.kind === 'refund'
        ? { refusal }
        : { refusal, intent: await this.steps.retrieve(payment.providerIntentId!, errand) };
    }
  }

  /** The recovery point between the two steps of a charge: from here on it is this intent, and no other. */
  #remember(errand: Errand, intentId: string): Promise<{ operation: PaymentOperation; payment: Payment }> {
    return this.#write(errand.tenant, async () => {
      const locked = (await this.payments.lock(errand.payment.id))!;
      const operation = await this.operations.advance(errand.operation, 'intent_created', intentId);
      if (!operation)
        return { operation: (await this.operations.find(errand.operation.id))!, payment: locked };
      const payment = await this.payments.save(locked, { ...locked, providerIntentId: intentId });
      return { operation, payment: payment! };
    });
  }

  /** What came of it, once: the payment, the ledger and the answer. */
  #finish(errand: Errand, ending: Ending, lease: Lease): Promise<PaymentOperation> {
    return this.#write(errand.tenant, async () => {
      const locked = (await this.payments.lock(errand.payment.id))!;
      const operation = (await this.operations.find(errand.operation.id))!;
      await this.leases.giveBack(lease);
      if (operation.phase === 'finished') return operation;
      // Somebody has taken it further, so this is not its end.
      if (operation.phase !== errand.operation.phase) throw operationInFlight(locked.id);
      const saved = await this.#apply(locked, operation, ending);
      const refusal = ending.refusal ?? refusalBy(operation.kind, saved);
      const answer = refusal ? { error: refusal.toEnvelope() } : { output: paymentView(saved) };
      return (await this.operations.finish(operation, answer, ending.reference))!;
    });
  }

  async #apply(payment: Payment, { id }: PaymentOperation, ending: Ending): Promise<Payment> {
    const event = ending.intent ? intentEvent(payment, ending.intent) : ending.event;
    if (!event) return payment;
    const saved = (await this.payments.save(payment, statusAfter(payment, event)))!;
    const of = { operationId: id, paymentId: payment.id };
    const { currency } = payment;
    if (event.type === 'captured')
      await this.ledger.post(of, capturePosting({ amount: event.amount, currency }));
    if (event.type === 'refunded')
      await this.ledger.post(of, refundPosting({ amount: event.amount, currency }));
    return saved;
  }

  /** An attempt has failed: somebody else may try. What is not known is shown as that. */
  async #leave(
    tenant: string,
    { id, paymentId }: PaymentOperation,
    lease: Lease,
    error: unknown,
  ): Promise<void> {
    try {
      await this.#write(tenant, async () => {
        const payment = (await this.payments.lock(paymentId))!;
        await this.leases.giveBack(lease);
        const operation = (await this.operations.find(id))!;
        if (!(error instanceof ProviderOutcomeUnknown) || operation.phase === 'finished') return;
        if (operation.kind !== 'refund' && nextState(payment.state, 'outcome_lost'))
          await this.payments.save(payment, statusAfter(payment, { type: 'outcome_lost' }));
      });
    } catch (err) {
      this.log.warn(
        { err, operation: id },
        'An operation could not be left in order; its lease will run out.',
      );
    }
  }

  /** Not on the time of the call: the provider has been asked, and what it said must not be lost. */
  #write<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    return this.database.write({ tenant, deadline: performance.now() + WRITE_MS }, work);
  }
}

/** What a caller is told about an attempt that failed. */
function told(error: unknown, paymentId: string): unknown {
  if (error instanceof ProviderOutcomeUnknown) return outcomeUnknown(paymentId);
  if (error instanceof ProviderUnavailable)
    return providerUnavailable(paymentId, error.retryAfterSeconds ?? 1);
  return error;
}

import { Log } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { refundFailedPosting } from '../domain/posting.ts';
import { statusAfter } from '../domain/payment.ts';
import { PaymentProvider } from '../provider/payment-provider.ts';
import { Ledger } from '../store/ledger.ts';
import { OperationLog } from '../store/operation-log.ts';
import { PaymentStore } from '../store/payment.store.ts';

/** Most movements that one payment has had. */
const MOST_ENTRIES = 10_000;

/** How long the provider may take to say how things are. */
const ASK_MS = 25_000;

/** What happens to payments at the provider without having been asked for here. */
@Injectable()
export class ProviderChanges {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentStore,
    private readonly operations: OperationLog,
    private readonly ledger: Ledger,
    private readonly provider: PaymentProvider,
    private readonly log: Log,
  ) {}

  /** Held money is let go when nobody takes it for too long. */
  async followIntent(tenant: string, paymentId: string): Promise<void> {
    const payment = await this.database.read({ tenant }, () => this.payments.find(paymentId));
    if (payment?.state !== 'authorized') return;
    const { status } = await this.provider.retrieve(payment.providerIntentId!, deadline());
    if (status === 'captured')
      this.log.warn({ payment: paymentId }, 'Captured at the provider, by somebody else.');
    if (status !== 'cancelled') return;
    await this.database.write({ tenant }, async () => {
      const locked = (await this.payments.lock(paymentId))!;
      // What is under way may be the reason, and says so itself.
      if (locked.state !== 'authorized' || (await this.operations.unfinishedOf(paymentId))) return;
      await this.payments.save(locked, statusAfter(locked, { type: 'cancelled' }));
    });
  }

  /** A refund may come back days later: the customer's bank has sent it back. */
  async followRefund(tenant: string, operationId: string): Promise<void> {
    const found = await this.database.read({ tenant }, async () => {
      const operation = await this.operations.find(operationId);
      return operation && { operation, payment: (await this.payments.find(operation.paymentId))! };
    });
    if (found?.operation.kind !== 'refund' || !found.operation.answer || 'error' in found.operation.answer)
      return;
    const { payment } = found;
    const refund = await this.provider.findRefund(payment.providerIntentId!, operationId, deadline());
    if (refund?.status !== 'failed') return;
    await this.database.write({ tenant }, async () => {
      const locked = (await this.payments.lock(payment.id))!;
      if (await this.#isPosted(payment.id, operationId)) return;
      const { amount, currency } = refund.money;
      await this.payments.save(locked, statusAfter(locked, { type: 'refund_failed', amount }));
      await this.ledger.post(
        { operationId, paymentId: payment.id },
        refundFailedPosting({ amount, currency }),
      );
      this.log.warn({ payment: payment.id, operation: operationId }, 'A refund has come back.');
    });
  }

  async #isPosted(paymentId: string, operationId: string): Promise<boolean> {
    const entries = await this.ledger.entries({
      paymentId,
      account: undefined,
      currency: undefined,
      before: undefined,
      limit: MOST_ENTRIES,
    });
    return entries.some((entry) => entry.kind === 'refund_failed' && entry.operationId === operationId);
  }
}

function deadline(): { deadline: number } {
  return { deadline: performance.now() + ASK_MS };
}

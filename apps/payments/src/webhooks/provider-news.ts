import { Jobs } from '@gantry/jobs';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { ProviderEvent } from '../provider/payment-provider.ts';
import { PaymentStore } from '../store/payment.store.ts';
import { ProviderEventStore } from '../store/provider-event.store.ts';
import { providerNews } from '../workflows/queues.ts';

/** Most news are of calls that are about to hear of it themselves. */
const SETTLING_SECONDS = 1;

/** What was made of an event. */
export type NewsOutcome = 'taken' | 'seen_before' | 'not_ours';

/** Writes down, once, that there is something to be asked about a payment. */
@Injectable()
export class ProviderNews {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentStore,
    private readonly events: ProviderEventStore,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Takes an event whose signature was verified. The tenant is what we have told the provider when the intent was made,
   * and counts only if the payment of that tenant has this very intent.
   */
  async take(event: ProviderEvent): Promise<NewsOutcome> {
    const { intentId, metadata } = event;
    const { tenant, operation_id: operationId } = metadata;
    if (intentId === undefined || !tenant) return 'not_ours';
    // What no database can hold we have never sent. An error would have the provider repeat it for days.
    if (![event.id, intentId, tenant, operationId ?? '', event.refundId ?? ''].every(isStorable))
      return 'not_ours';
    return this.database.write({ tenant }, async () => {
      const payment = await this.payments.lockByIntent(intentId);
      // An event may overtake the intent's id: whoever is about to write that goes on by itself.
      if (!payment) return 'not_ours';
      if (!(await this.events.isFirst(event))) return 'seen_before';
      const isAboutRefund = event.refundId !== undefined && operationId !== undefined;
      await this.jobs.enqueue(
        providerNews,
        { payment_id: payment.id, ...(isAboutRefund && { operation_id: operationId }) },
        { startAfter: SETTLING_SECONDS },
      );
      return 'taken';
    });
  }
}

/** Can Postgres keep it as text and as JSON? */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

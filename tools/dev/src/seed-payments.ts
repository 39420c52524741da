import { ToolRefusal } from './call-tool.ts';
import type { CallTool } from './tool-request.ts';

/** As `process_payment` takes them: one that is taken at once, and one above the limit. */
export const DEMO_PAYMENTS = [
  {
    amount: 4_990,
    currency: 'EUR',
    payment_method: 'pm_card_visa',
    description: 'A lamp. Made by `make serve`',
    reference: 'demo-order-1',
    idempotency_key: 'demo-payment-1',
  },
  {
    amount: 250_000,
    currency: 'EUR',
    payment_method: 'pm_card_visa',
    description: 'A sofa, which somebody has to approve. Made by `make serve`',
    reference: 'demo-order-2',
    idempotency_key: 'demo-payment-2',
  },
];

/**
 * Makes the demo payments, each once: what was begun with a key is left as it is now. An interrupted one the service
 * brings to its end by itself.
 */
export async function seedPayments(call: CallTool): Promise<string> {
  let made = 0;
  for (const payment of DEMO_PAYMENTS) {
    const { items } = await call('find_payment_by_key', { key: payment.idempotency_key });
    if ((items as unknown[]).length > 0) continue;
    await call('process_payment', payment).catch(expectApproval);
    made += 1;
  }
  if (made === 0) return 'all there';
  return made === 1 ? '1 payment' : `${made} payments`;
}

/** To wait for an approval is all that the second one is for. */
function expectApproval(error: unknown): void {
  if (!(error instanceof ToolRefusal) || error.code !== 'approval_required') throw error;
}

import { describe, expect, it, jest } from '@jest/globals';
import { usePaymentsDatabase } from '../../test/payments-database.ts';
import type { Log } from '@gantry/observability';
import { refundPosting } from '../domain/posting.ts';
import { statusAfter, type Payment } from '../domain/payment.ts';
import type { PaymentProvider, ProviderRefund } from '../provider/payment-provider.ts';
import { newOperation } from '../../test/payments-database.ts';
import { ProviderChanges } from './provider-changes.ts';

const the = usePaymentsDatabase();
const log = { warn: jest.fn() } as unknown as Log;

function changes(provider: Partial<PaymentProvider>): ProviderChanges {
  const { database, payments, operations, ledger } = the;
  return new ProviderChanges(database, payments, operations, ledger, provider as PaymentProvider, log);
}

async function refunded(amount: number): Promise<{ payment: Payment; operationId: string }> {
  const { payment } = await the.begin({ captureMethod: 'automatic' });
  const captured = await the.happen(payment, { type: 'captured', amount: 1_000 });
  const operation = newOperation({ paymentId: payment.id, kind: 'refund', amount });
  await the.write(async () => {
    const { operation: begun } = await the.operations.begin(operation);
    const locked = (await the.payments.lock(payment.id))!;
    await the.payments.save(locked, statusAfter(locked, { type: 'refunded', amount }));
    const of = { operationId: operation.id, paymentId: payment.id };
    await the.ledger.post(of, refundPosting({ amount, currency: 'EUR' }));
    await the.operations.finish(begun, { output: {} });
  });
  return { payment: captured, operationId: operation.id };
}

const refund = (status: ProviderRefund['status'], amount: number): Partial<PaymentProvider> => ({
  findRefund: () =>
    Promise.resolve({ id: 're_1', intentId: 'pi_1', status, money: { amount, currency: 'EUR' } }),
});
const refundedOf = async ({ id }: Payment) => (await the.read(() => the.payments.find(id)))!.amountRefunded;

describe('a refund that has come back', () => {
  it('is owed to the merchant again, once', async () => {
    const { payment, operationId } = await refunded(400);
    const provider = changes(refund('failed', 400));
    await Promise.all([1, 2, 3].map(() => provider.followRefund('acme', operationId)));
    expect(await refundedOf(payment)).toBe(0);
    const entries = await the.read(() =>
      the.ledger.entries({
        paymentId: payment.id,
        account: 'merchant_balance',
        currency: undefined,
        before: undefined,
        limit: 10,
      }),
    );
    expect(entries.map(({ kind, direction, amount }) => [kind, direction, amount])).toEqual([
      ['refund_failed', 'credit', 400],
      ['refund', 'debit', 400],
      ['capture', 'credit', 1_000],
    ]);
  });

  it('and one that has arrived are told apart', async () => {
    const { payment, operationId } = await refunded(400);
    await changes(refund('succeeded', 400)).followRefund('acme', operationId);
    await changes({ findRefund: () => Promise.resolve(undefined) }).followRefund('acme', operationId);
    expect(await refundedOf(payment)).toBe(400);
  });

  it('is not looked for if the operation is none, or of somebody else', async () => {
    const { operationId } = await refunded(400);
    const nobody = changes({});
    await nobody.followRefund('globex', operationId);
    await nobody.followRefund('acme', 'pop_00000000000000000000000000');
  });
});

describe('held money', () => {
  it('that somebody has taken at the provider is left to people', async () => {
    const { payment } = await the.begin();
    await the.happen(payment, { type: 'authorized', amount: 1_000 });
    const taken = { status: 'captured', amountCaptured: 1_000 };
    await changes({ retrieve: () => Promise.resolve(taken as never) }).followIntent('acme', payment.id);
    expect(log.warn).toHaveBeenCalledWith({ payment: payment.id }, expect.stringContaining('Captured'));
  });
});

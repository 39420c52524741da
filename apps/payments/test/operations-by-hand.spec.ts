import { describe, expect, it } from '@jest/globals';
import type postgres from 'postgres';
import { isLaterPhase, OPERATION_PHASES } from '../src/domain/operation.ts';
import { newOperation, usePaymentsDatabase } from './payments-database.ts';

/** What a bug in the service, or somebody with its password, could do to operations: nothing that must not be. */
const the = usePaymentsDatabase();
const DENIED = { code: '42501' };

describe('an operation', () => {
  it('goes forward alone, from every phase', async () => {
    const allowed: string[] = [];
    for (const from of OPERATION_PHASES) {
      for (const to of OPERATION_PHASES) {
        const { operation } = await the.begin(
          {},
          from === 'awaiting_approval' ? 'approval_required' : 'processing',
        );
        const set = (sql: postgres.Sql, phase: string) => sql`
          update payment_operations set phase = ${phase}, provider_reference = coalesce(provider_reference, 'pi_1'),
            answer = ${phase === 'finished' ? '{}' : null}::text::json
          where id = ${operation.id}`;
        await the
          .byHand(async (sql) => {
            if (from === 'intent_created' || from === 'finished') await set(sql, from);
            await set(sql, to);
          })
          .then(
            () => allowed.push(`${from} ${to}`),
            (error: unknown) => expect(error).toMatchObject({ code: '23000' }),
          );
      }
    }
    const later = OPERATION_PHASES.flatMap((from) =>
      OPERATION_PHASES.filter((to) => isLaterPhase(from, to)).map((to) => `${from} ${to}`),
    );
    expect(allowed).toEqual(later);
  });

  it.each([
    "kind = 'refund'",
    "idempotency_key = 'another key'",
    "fingerprint = sha256('x')",
    "payment_id = 'pay_00000000000000000000000000'",
    'amount = 1',
    "subject = 'bob'",
    'finished_at = now()',
  ])('is what it is: %s', async (change) => {
    const { operation } = await the.begin();
    await expect(
      the.byHand((sql) => sql.unsafe(`update payment_operations set ${change} where id = '${operation.id}'`)),
    ).rejects.toMatchObject(DENIED);
    await expect(
      the.byHand(
        (sql) => sql.unsafe(`update payment_operations set ${change} where id = '${operation.id}'`),
        the.owner,
      ),
    ).rejects.toMatchObject({ code: '23000' });
  });

  it('is finished for good', async () => {
    const { operation } = await the.begin();
    await the.write(() => the.operations.finish(operation, { output: {} }, 'pi_1'));
    for (const change of ["answer = '{}'", "provider_reference = 'pi_2'", "phase = 'started', answer = null"])
      await expect(
        the.byHand((sql) =>
          sql.unsafe(`update payment_operations set ${change} where id = '${operation.id}'`),
        ),
      ).rejects.toMatchObject({ code: '23000' });
  });

  it.each([
    ['a second beginning of a payment', { kind: 'process' as const }],
    ['a cancellation with an amount', { kind: 'cancel' as const, amount: 5 }],
    ['a capture without one', { kind: 'capture' as const, amount: null }],
    ['a refund that waits for approval', { kind: 'refund' as const, phase: 'awaiting_approval' as const }],
    ['a short key', { kind: 'refund' as const, idempotencyKey: 'short' }],
    ['a fingerprint of another length', { kind: 'refund' as const, fingerprint: Buffer.alloc(16) }],
  ])('is never %s', async (_, different) => {
    const { payment, operation } = await the.begin();
    await the.write(() => the.operations.finish(operation, { output: {} }));
    await expect(
      the.write(() => the.operations.begin(newOperation({ paymentId: payment.id, ...different }))),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
  });
});

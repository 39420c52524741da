import { describe, expect, it } from '@jest/globals';
import { ANN, BOB } from '../../test/examples.ts';
import { usePaymentsDatabase } from '../../test/payments-database.ts';
import { statusAfter } from '../domain/payment.ts';

const the = usePaymentsDatabase();

const byBob = {
  decision: 'approved' as const,
  method: 'second_principal' as const,
  decidedBy: BOB,
  reason: 'Known customer.',
  requestId: 'req_2',
};

describe('ApprovalStore', () => {
  it('keeps who approved, and lets the payment go on', async () => {
    const { payment } = await the.begin({}, 'approval_required');
    const going = await the.write(async () => {
      const approval = await the.approvals.decide(payment, byBob);
      expect(approval).toEqual({ paymentId: payment.id, ...byBob, decidedAt: expect.stringMatching(/Z$/) });
      return the.payments.save(payment, statusAfter(payment, { type: 'approved' }));
    });
    expect(going).toMatchObject({ state: 'processing' });
    expect(await the.read(() => the.approvals.find(payment.id))).toMatchObject(byBob);
    expect(await the.read(() => the.approvals.find(payment.id), 'globex')).toBeUndefined();
  });

  it('keeps the first of two decisions', async () => {
    const { payment } = await the.begin({}, 'approval_required');
    const decisions = await Promise.all(
      (['approved', 'rejected'] as const).map((decision) =>
        the.write(() => the.approvals.decide(payment, { ...byBob, decision })),
      ),
    );
    expect(decisions.filter(Boolean)).toHaveLength(1);
    expect(await the.read(() => the.approvals.find(payment.id))).toEqual(decisions.find(Boolean));
  });

  it.each([
    ['nobody', undefined],
    ['somebody who said no', { ...byBob, decision: 'rejected' as const }],
  ])('lets no payment go on that was approved by %s', async (_, decision) => {
    const { payment } = await the.begin({}, 'approval_required');
    const attempt = the.write(async () => {
      if (decision) await the.approvals.decide(payment, decision);
      await the.payments.save(payment, statusAfter(payment, { type: 'approved' }));
    });
    await expect(attempt).rejects.toThrow('needs approval');
  });

  it.each([
    ['the one who asked, as a second principal', { ...byBob, decidedBy: ANN }],
    ['another client of the one who asked', { ...byBob, decidedBy: { ...ANN, client: 'desk' } }],
    ['a second principal, as if he were the user of the first', { ...byBob, method: 'elicitation' as const }],
  ])('takes no approval from %s', async (_, decision) => {
    const { payment } = await the.begin({}, 'approval_required');
    await expect(the.write(() => the.approvals.decide(payment, decision))).rejects.toMatchObject({
      constraint_name: 'payment_approvals_by_whom',
    });
  });

  it('takes no approval that names another requester', async () => {
    const { payment } = await the.begin({}, 'approval_required');
    const pretended = { ...payment, createdBy: BOB };
    await expect(
      the.write(() => the.approvals.decide(pretended, { ...byBob, decidedBy: ANN })),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('takes what the user of the caller said', async () => {
    const { payment } = await the.begin();
    const asked = { ...byBob, method: 'elicitation' as const, decidedBy: ANN, reason: null };
    expect(await the.write(() => the.approvals.decide(payment, asked))).toMatchObject(asked);
  });
});

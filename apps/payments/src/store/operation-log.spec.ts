import { describe, expect, it } from '@jest/globals';
import { typeid } from 'typeid-js';
import { ANN, BOB, examplePayment } from '../../test/examples.ts';
import { newOperation, TENANT, usePaymentsDatabase } from '../../test/payments-database.ts';
import type { OperationAnswer } from '../domain/operation.ts';
import type { NewOperation } from './operation-log.ts';

const the = usePaymentsDatabase();
const answer: OperationAnswer = { output: { id: 'pay_1', note: "it's done" } };

/** As a call does: the operation first, the payment if the operation is new. */
const beginCall = (operation: NewOperation) =>
  the.write(async () => {
    const beginning = await the.operations.begin(operation);
    if (beginning.isNew) await the.payments.insert(examplePayment({ id: operation.paymentId }));
    return beginning;
  });

describe('OperationLog.begin', () => {
  it('gives back what was begun', async () => {
    const operation = newOperation({ fingerprint: Buffer.from('a'.repeat(32)) });
    const { operation: begun, isNew } = await beginCall(operation);
    expect(isNew).toBe(true);
    expect(begun).toEqual({
      ...operation,
      providerReference: null,
      answer: null,
      createdAt: expect.stringMatching(/^20.*Z$/),
      updatedAt: begun.createdAt,
      finishedAt: null,
    });
    expect(await the.read(() => the.operations.find(operation.id))).toEqual(begun);
    expect(await the.read(() => the.operations.findByKey(operation))).toEqual(begun);
  });

  it('begins once when 20 calls with one key come at the same time', async () => {
    const idempotencyKey = 'twenty at once';
    const calls = Array.from({ length: 20 }, () => newOperation({ idempotencyKey }));
    const beginnings = await Promise.all(calls.map(beginCall));
    expect(beginnings.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(beginnings.map(({ operation }) => operation.id)).size).toBe(1);
    const ids = calls.map(({ paymentId }) => paymentId);
    const payments = await the.byHand((sql) => sql`select from payments where id = any(${ids})`);
    expect(payments).toHaveLength(1);
  });

  it.each<[string, Partial<NewOperation>, string]>([
    ['subject', { requestedBy: { ...ANN, subject: 'eve' } }, TENANT],
    ['client', { requestedBy: { ...ANN, client: 'other' } }, TENANT],
    ['tool', { tool: 'process_payment', kind: 'process' }, TENANT],
    ['tenant', {}, 'globex'],
  ])('takes the key of another %s for another key', async (_, different, tenant) => {
    const operation = newOperation({ idempotencyKey: 'anybody may choose it' });
    await beginCall(operation);
    const other = newOperation({ idempotencyKey: operation.idempotencyKey, ...different });
    const { isNew } = await the.write(async () => {
      const beginning = await the.operations.begin(other);
      if (beginning.isNew) await the.payments.insert(examplePayment({ id: other.paymentId }));
      return beginning;
    }, tenant);
    expect(isNew).toBe(true);
  });

  it('leaves nothing behind if there is no payment in the end', async () => {
    const operation = newOperation();
    await expect(the.write(() => the.operations.begin(operation))).rejects.toMatchObject({ code: '23503' });
    expect(await the.read(() => the.operations.findByKey(operation))).toBeUndefined();
  });

  it('lets one operation at a time be at the provider with a payment', async () => {
    const { payment, operation } = await the.begin();
    const capture = newOperation({ paymentId: payment.id, kind: 'capture' });
    await expect(the.write(() => the.operations.begin(capture))).rejects.toMatchObject({
      code: 'payment_busy',
      retryable: true,
    });
    await the.write(() => the.operations.finish(operation, answer));
    expect(await the.write(() => the.operations.begin(capture))).toMatchObject({ isNew: true });
  });

  it('lets one of many captures begin that come at the same time', async () => {
    const { payment, operation } = await the.begin();
    await the.write(() => the.operations.finish(operation, answer));
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        the.write(() => the.operations.begin(newOperation({ paymentId: payment.id, kind: 'capture' }))),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const attempt of attempts)
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'payment_busy' });
  });

  it('lets what only waits for approval be cancelled', async () => {
    const { payment, operation } = await the.begin({}, 'approval_required');
    expect(await the.read(() => the.operations.unfinishedOf(payment.id))).toMatchObject({ id: operation.id });
    const cancel = newOperation({ paymentId: payment.id, kind: 'cancel', amount: null });
    expect(await the.write(() => the.operations.begin(cancel))).toMatchObject({ isNew: true });
    expect(await the.read(() => the.operations.unfinishedOf(payment.id))).toMatchObject({ id: cancel.id });
    // Approved now, it would be at the provider together with its cancellation.
    await expect(the.write(() => the.operations.advance(operation, 'started'))).rejects.toMatchObject({
      code: '23505',
    });
  });
});

describe('the phases of an operation', () => {
  it('are recovery points, with what the provider called it', async () => {
    const { payment, operation } = await the.begin({}, 'approval_required');
    const started = await the.write(() => the.operations.advance(operation, 'started'));
    expect(started).toMatchObject({ phase: 'started', providerReference: null });
    const created = await the.write(() => the.operations.advance(started!, 'intent_created', 'pi_7'));
    expect(created).toMatchObject({ phase: 'intent_created', providerReference: 'pi_7', finishedAt: null });
    const finished = await the.write(() => the.operations.finish(created!, answer));
    expect(finished).toMatchObject({
      phase: 'finished',
      providerReference: 'pi_7',
      answer,
      finishedAt: expect.stringMatching(/^20.*Z$/),
    });
    expect(await the.read(() => the.operations.unfinishedOf(payment.id))).toBeUndefined();
  });

  it('keep the answer as it was given', async () => {
    const { operation } = await the.begin();
    const error = { error: 'No.', code: 'card_declined', hint: 'Ask.', error_id: 'err_1' } as never;
    await the.write(() => the.operations.finish(operation, { error }, 're_1'));
    const kept = await the.read(() => the.operations.find(operation.id));
    expect(kept).toMatchObject({ answer: { error }, providerReference: 're_1' });
    expect(JSON.stringify(kept!.answer)).toBe(JSON.stringify({ error }));
  });

  it('are left once: of a live caller and a job, one wins', async () => {
    const { operation } = await the.begin();
    const ends = await Promise.all(
      ['caller', 'job', 'another job'].map((who) =>
        the.write(() => the.operations.finish(operation, { output: { who } })),
      ),
    );
    const winners = ends.filter((end) => end !== undefined);
    expect(winners).toHaveLength(1);
    expect(await the.read(() => the.operations.find(operation.id))).toEqual(winners[0]);
    expect(await the.write(() => the.operations.finish(winners[0]!, answer))).toBeUndefined();
    expect(
      await the.write(() => the.operations.advance(operation, 'intent_created', 'pi_8')),
    ).toBeUndefined();
  });
});

describe('OperationLog.listByKey', () => {
  it('finds what somebody did with a key, by whatever tool', async () => {
    const idempotencyKey = 'for several tools';
    const { payment, operation } = await the.begin();
    await the.write(() => the.operations.finish(operation, answer));
    await the.write(async () => {
      const { operations } = the;
      const requests = [
        newOperation({ paymentId: payment.id, kind: 'capture', tool: 'capture_payment', idempotencyKey }),
        newOperation({ paymentId: payment.id, kind: 'refund', tool: 'refund_payment', idempotencyKey }),
      ];
      for (const request of requests)
        await operations.finish((await operations.begin(request)).operation, answer);
    });
    const tools = async (actor = ANN) =>
      (await the.read(() => the.operations.listByKey(actor, idempotencyKey))).map(({ tool }) => tool);
    expect(await tools()).toEqual(['capture_payment', 'refund_payment']);
    expect(await tools(BOB)).toEqual([]);
    expect(
      await the.read(() =>
        the.operations.findByKey({ requestedBy: ANN, tool: 'cancel_payment', idempotencyKey }),
      ),
    ).toBeUndefined();
  });
});

describe('OperationLog.stuck', () => {
  it('finds operations at the provider of all tenants that nobody takes further', async () => {
    const mine = await the.begin();
    const waiting = await the.begin({}, 'approval_required');
    const done = await the.begin();
    await the.write(() => the.operations.finish(done.operation, answer));
    const theirs = newOperation({ paymentId: typeid('pay').toString() });
    await the.write(async () => {
      await the.operations.begin(theirs);
      await the.payments.insert(examplePayment({ id: theirs.paymentId }));
    }, 'globex');
    const stuck = await the.operations.stuck(0, 1_000);
    expect(stuck).toContainEqual({ tenant: 'acme', id: mine.operation.id });
    expect(stuck).toContainEqual({ tenant: 'globex', id: theirs.id });
    const ids = stuck.map(({ id }) => id);
    expect(ids).not.toContain(waiting.operation.id);
    expect(ids).not.toContain(done.operation.id);
    expect(ids.indexOf(mine.operation.id)).toBeLessThan(ids.indexOf(theirs.id));
    expect(await the.operations.stuck(0, 1)).toHaveLength(1);
    expect(await the.operations.stuck(3_600, 1_000)).toEqual([]);
  });
});

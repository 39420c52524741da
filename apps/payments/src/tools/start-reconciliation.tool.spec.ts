import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { key } from '../../test/examples.ts';
import { ended, readResource, reconcile, startReconciliation, TODAY } from '../../test/reconciling.ts';
import type { RunningPayments } from '../../test/running-payments.ts';
import { ALL_MATCHED, startSettled } from '../../test/settled-payments.ts';
import type { Difference } from '../domain/reconciliation.ts';

let the: RunningPayments;
let report: string;
beforeAll(async () => {
  ({ the, report } = await startSettled());
}, 90_000);
afterAll(() => the?.stop());

let lines: string[];
beforeEach(() => {
  lines = report.trimEnd().split('\n');
});
const csv = () => `${lines.join('\n')}\n`;

describe('start_reconciliation', () => {
  it('finds that the ledger is what the provider reports', async () => {
    expect(await reconcile(the, csv())).toEqual({
      ...ALL_MATCHED,
      sums: [
        { currency: 'EUR', ledger: '800', provider: '800' },
        { currency: 'JPY', ledger: '1000', provider: '1000' },
        { currency: 'KWD', ledger: '1230', provider: '1230' },
      ],
    });
  });

  it('tells how far it is, in lines read and compared', async () => {
    const operation = await startReconciliation(the, csv());
    expect(operation).toMatchObject({
      tool: 'start_reconciliation',
      status: 'queued',
      progress: { done: 0 },
    });
    expect(await ended(the, operation)).toMatchObject({
      progress: {
        done: 16,
        total: 16,
        message: '7 of 7 lines compared: 6 movements matched, 0 did not.',
      },
    });
  });

  it('takes a file in parts, cut anywhere', async () => {
    expect(await reconcile(the, csv(), { partLength: 101 })).toMatchObject(ALL_MATCHED);
  });

  it('shows all differences in pages, to whoever has started it', async () => {
    lines.push(...Array.from({ length: 2_500 }, (_, n) => `x,usd,1.00,0,1.00,charge,ch_1,pi_${10_000 + n}`));
    const operation = await startReconciliation(the, csv());
    const { result } = (await ended(the, operation)) as {
      result: { differences: Difference[]; differences_uri: string };
    };
    expect(result.differences).toHaveLength(20);
    type Page = { differences: Difference[]; next_uri?: string };
    const found: Difference[] = [];
    let uri: string | undefined = result.differences_uri;
    expect(uri).toBe(`payments://reconciliations/${operation.operation_id}/differences/0`);
    while (uri) {
      const page: Page = (await readResource<Page>(the, uri))!;
      expect(page.differences.length).toBeLessThanOrEqual(1_000);
      found.push(...page.differences);
      uri = page.next_uri;
    }
    expect(found.map(({ number }) => number)).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1));
    expect(found.slice(0, 20)).toEqual(result.differences);
    expect(found.at(-1)).toMatchObject({ reference: 'pi_12499' });
    for (const stranger of [{ subject: 'bob' }, { tenant: 'globex' }, { scopes: ['payments:read'] }])
      expect(await readResource(the, result.differences_uri, await the.token(stranger))).toBeUndefined();
    expect(await readResource(the, result.differences_uri.replace(/0$/, '-1'))).toBeUndefined();
  });

  it('can be cancelled', async () => {
    lines.push(...Array.from({ length: 20_000 }, (_, n) => `x,usd,1.00,0,1.00,charge,ch_1,pi_${n}`));
    const { operation_id } = await startReconciliation(the, csv());
    const { output } = await the.call('cancel_operation', { operation_id });
    expect(output).toMatchObject({ status: 'cancelled' });
    expect((await the.call('check_operation_status', { operation_id })).output).toMatchObject({
      status: 'cancelled',
    });
  });
});

describe('start_reconciliation refuses', () => {
  const refused = async (different: object, token?: string) => {
    const args = { ...TODAY, content: report, idempotency_key: key(), ...different };
    return the.call('start_reconciliation', args, token === undefined ? {} : { token });
  };

  it.each([
    { from: TODAY.to, to: TODAY.from },
    { to: TODAY.from },
    { from: '0000-01-01T00:00:00Z' },
    { from: '2026-11-01' },
    { content: '' },
  ])('%j', async (different) => {
    expect((await refused(different)).error).toMatchObject({ code: 'validation_error' });
  });

  it('what looks like a card number', async () => {
    const card = ['4242', '4242', '4242', '4242'];
    for (const number of [card.join(''), card.join(' ')]) {
      const { error, text } = await refused({ content: `${report}x,${number}\n` });
      expect(error).toMatchObject({ code: 'card_number_refused', details: { path: '/content' } });
      expect(text).not.toContain(number);
    }
  });

  it('a card number that is cut by the parts', async () => {
    const card = ['42424242', '42424242'].join('');
    const line = `x,eur,1.00,0,1.00,charge,ch_1,${card}\n`;
    const whole = `${lines[0]}\n${line}`;
    const result = await reconcile(the, whole, { partLength: whole.indexOf(card) + 8 });
    expect(result).toMatchObject({ rejected: 1 });
    expect(JSON.stringify(result)).not.toContain(card);
    const header = `${lines[0]},${card}\n`;
    const started = await startReconciliation(the, header, { partLength: header.indexOf(card) + 8 });
    const failed = await ended(the, started);
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'card_number_refused' } });
    expect(JSON.stringify(failed)).not.toContain(card);
  });

  it('more than a million lines', async () => {
    const content = '\n'.repeat(500_000);
    const { output } = await refused({ content, last: false });
    const { upload_id } = output['upload'] as { upload_id: string };
    const second = await refused({ content, upload_id, part: 2, last: false });
    expect(second.output['upload']).toMatchObject({ next_part: 3 });
    expect((await refused({ content: '\n\n', upload_id, part: 3 })).error).toMatchObject({
      code: 'file_too_long',
      details: { max_lines: 1_000_000 },
    });
  });

  it('whoever may only read', async () => {
    expect((await refused({}, await the.token({ scopes: ['payments:read'] }))).status).toBe(403);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ended, readResource, reconcile, startReconciliation, TODAY } from '../../test/reconciling.ts';
import type { RunningPayments } from '../../test/running-payments.ts';
import { ALL_MATCHED, live, startSettled } from '../../test/settled-payments.ts';

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
const indexOf = (category: string) => lines.findIndex((line) => line.includes(`,${category},`));
const cellsOf = (line: string) => {
  const names = lines[0]!.split(',');
  return Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell]));
};

describe('a reconciliation', () => {
  it('finds what the provider does not report', async () => {
    const { source_id, gross } = cellsOf(lines.splice(indexOf('refund'), 1)[0]!);
    const result = await reconcile(the, csv());
    expect(result).toMatchObject({
      ...ALL_MATCHED,
      lines: 6,
      matched: 5,
      missing_at_provider: 1,
      differences: [{}],
    });
    expect(result.differences).toEqual([
      {
        number: 1,
        finding: 'missing_at_provider',
        kind: 'refund',
        reference: source_id,
        payment_id: expect.stringMatching(/^pay_/),
        ledger: { amount: String(-100 * Number(gross)), currency: 'EUR' },
        provider: null,
      },
    ]);
    expect(result.sums[0]).toEqual({ currency: 'EUR', ledger: '800', provider: '1100' });
  });

  it('finds what the ledger does not have', async () => {
    lines.push('2026-11-01 00:00:00,usd,12.30,0,12.30,charge,ch_1,pi_unknown');
    lines.push('2026-11-01 00:00:00,usd,-2.00,0,-2.00,refund,re_unknown,pi_unknown');
    // Of somebody who charges without intents.
    lines.push('2026-11-01 00:00:00,usd,1.00,0,1.00,charge,ch_alone,');
    const { differences, ...counts } = await reconcile(the, csv());
    expect(counts).toMatchObject({ lines: 10, matched: 6, missing_in_ledger: 3 });
    const missing = { finding: 'missing_in_ledger', payment_id: null, ledger: null };
    expect(differences).toEqual([
      {
        number: 1,
        ...missing,
        kind: 'capture',
        reference: 'ch_alone',
        provider: { amount: '100', currency: 'USD' },
      },
      {
        number: 2,
        ...missing,
        kind: 'capture',
        reference: 'pi_unknown',
        provider: { amount: '1230', currency: 'USD' },
      },
      {
        number: 3,
        ...missing,
        kind: 'refund',
        reference: 're_unknown',
        provider: { amount: '200', currency: 'USD' },
      },
    ]);
  });

  it('finds what differs: another amount, another currency, a line twice', async () => {
    const [first, second, third] = [
      indexOf('charge'),
      indexOf('partial_capture_reversal'),
      indexOf('refund_failure'),
    ];
    lines[first] = lines[first]!.replace('10.00', '10.01');
    lines[second] = lines[second]!.replace('kwd', 'bhd');
    lines.push(lines[third]!);
    const { differences, ...counts } = await reconcile(the, csv());
    expect(counts).toMatchObject({
      lines: 8,
      matched: 3,
      different: 3,
      missing_in_ledger: 0,
      missing_at_provider: 0,
    });
    expect(
      differences.map(({ finding, kind, ledger, provider }) => [finding, kind, ledger, provider]),
    ).toEqual(
      expect.arrayContaining([
        ['different', 'capture', { amount: '1000', currency: 'EUR' }, { amount: '1001', currency: 'EUR' }],
        ['different', 'capture', { amount: '1230', currency: 'KWD' }, { amount: '1230', currency: null }],
        [
          'different',
          'refund_failed',
          { amount: '300', currency: 'EUR' },
          { amount: '600', currency: 'EUR' },
        ],
      ]),
    );
  });

  it('does not take a refund for one that failed, or that went the other way', async () => {
    const [refund, failure] = [indexOf('refund'), indexOf('refund_failure')];
    lines[refund] = lines[refund]!.replaceAll(',-', ',');
    lines[failure] = lines[failure]!.replace('refund_failure', 'charge');
    const { differences } = await reconcile(the, csv());
    expect(differences).toMatchObject([
      { finding: 'missing_at_provider', kind: 'refund_failed' },
      { finding: 'different', kind: 'capture' },
      { finding: 'different', kind: 'refund', ledger: { amount: '300' }, provider: { amount: '-300' } },
    ]);
  });

  it('leaves out what is not in the ledger, and says how much of what', async () => {
    for (const category of ['fee', 'payout', 'fee', 'dispute', 'constructor'])
      lines.push(`2026-11-01 00:00:00,eur,-1.00,0,-1.00,${category},x_1,`);
    expect(await reconcile(the, csv())).toMatchObject({
      ...ALL_MATCHED,
      lines: 12,
      ignored: 5,
      ignored_categories: { fee: 2, payout: 1, dispute: 1, constructor: 1 },
    });
  });

  it('rejects what it cannot read, line by line, and goes on', async () => {
    const line = (changes: Record<string, string>) => {
      const cells = { ...cellsOf(lines[indexOf('charge')]!), ...changes };
      return lines[0]!
        .split(',')
        .map((name) => cells[name])
        .join(',');
    };
    const bad: [string, string][] = [
      [line({ gross: '12.345' }), 'gross is no amount of EUR'],
      [line({ gross: '' }), 'gross is no amount of EUR'],
      [line({ currency: 'xxx' }), 'currency is none of ISO 4217 that can be paid in'],
      [line({ reporting_category: '' }), 'reporting_category is no category'],
      [line({ reporting_category: 'charge', payment_intent_id: '', source_id: '' }), 'source_id is empty'],
      [line({ payment_intent_id: 'x'.repeat(256) }), 'the id of the charge is none of the provider'],
      ['a,b', 'has 2 cells; the header has 8'],
      ['"', 'opens a quote that is never closed'],
    ];
    lines.push(...bad.map(([text]) => text));
    const result = await reconcile(the, csv());
    const rejections = bad.map(([, reason], index) => ({ line: 9 + index, reason }));
    expect(result).toMatchObject({ ...ALL_MATCHED, lines: 15, rejected: 8, rejections });
    expect(await readResource(the, result.rejections_uri!)).toEqual({ rejections });
    expect(await readResource(the, result.rejections_uri!.replace(/0$/, '14'))).toEqual({
      rejections: rejections.slice(6),
    });
    expect(await readResource(the, result.rejections_uri!.replace(/0$/, 'x'))).toBeUndefined();
  });

  it('finds a line its movement whatever its time, and asks for those of the period', async () => {
    const past = { from: '2020-01-01T00:00:00Z', to: '2020-02-01T01:00:00+01:00' };
    expect(await reconcile(the, csv(), { period: past })).toMatchObject(ALL_MATCHED);
    lines.splice(1);
    expect(await reconcile(the, csv(), { period: past })).toMatchObject({
      matched: 0,
      missing_at_provider: 0,
    });
    expect(await reconcile(the, csv())).toMatchObject({ lines: 0, missing_at_provider: 6 });
    // Half open: from the moment of the first posting on, up to but without that of the last.
    const { output } = await the.call('list_ledger_entries', { account: 'provider_clearing', limit: 50 });
    const times = (output['items'] as { posted_at: string }[]).map(({ posted_at }) => posted_at);
    const [last, first] = [times[0]!, times.at(-1)!];
    expect(await reconcile(the, csv(), { period: { from: first, to: last } })).toMatchObject({
      missing_at_provider: new Date(first) < new Date(last) ? 5 : 0,
    });
  });

  it('knows nothing of other tenants', async () => {
    const token = await the.token({ tenant: 'globex' });
    expect(await reconcile(the, csv(), { token })).toMatchObject({ matched: 0, missing_in_ledger: 6 });
    const result = await reconcile(the, `${lines[0]}\n`, { token });
    expect(result).toMatchObject({ missing_at_provider: 0, differences: [], sums: [] });
    // What happens there is not missing here.
    const before = new Date().toISOString();
    await live(the, token);
    const since = { from: before, to: TODAY.to };
    expect(await reconcile(the, `${lines[0]}\n`, { period: since })).toMatchObject({
      missing_at_provider: 0,
    });
    expect(await reconcile(the, the.simulator.settlementCsv(), { token })).toMatchObject({
      matched: 5,
      missing_in_ledger: 6,
      missing_at_provider: 0,
    });
  });

  it.each([
    ['gross,currency', ['reporting_category', 'payment_intent_id', 'source_id']],
    ['\n \n', ['reporting_category', 'payment_intent_id', 'source_id', 'gross', 'currency']],
  ])('fails for a header that lacks columns, and names them: %j', async (header, missing) => {
    const view = await ended(the, await startReconciliation(the, header));
    expect(view).toMatchObject({
      status: 'failed',
      error: {
        code: 'file_header_invalid',
        error: expect.stringContaining(missing.join(', ')),
        details: { missing_columns: missing },
      },
    });
  });
});

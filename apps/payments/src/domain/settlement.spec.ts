import { CURRENCIES, formatMoney, MAX_AMOUNT } from '@gantry/money';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { missingColumns, readSettlement, SETTLEMENT_COLUMNS } from './settlement.ts';

const COLUMNS = [...SETTLEMENT_COLUMNS];

const KINDS: Record<string, string> = { refund: 'refund', refund_failure: 'refund_failed' };

/** What the cells of one line say: category, intent, source, gross, currency. */
function read(...cells: (string | null)[]) {
  const { movements, ignored, rejections } = readSettlement(COLUMNS, [{ line: 2, cells }]);
  return movements[0] ?? ignored[0] ?? rejections[0];
}

const anyId = fc.stringMatching(/^(pi|re|ch)_[A-Za-z]{1,30}$/);
const anyMoney = fc.record({
  amount: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: MAX_AMOUNT })),
  currency: fc.constantFrom(...CURRENCIES),
});

describe('a line of a settlement report', () => {
  it.each([
    ['charge', '12.34', { kind: 'capture', reference: 'pi_1', amount: 1234, currency: 'EUR' }],
    [
      'partial_capture_reversal',
      '-2.34',
      { kind: 'capture', reference: 'pi_1', amount: -234, currency: 'EUR' },
    ],
    ['refund', '-5.00', { kind: 'refund', reference: 're_1', amount: 500, currency: 'EUR' }],
    ['refund', '0.00', { kind: 'refund', reference: 're_1', amount: 0, currency: 'EUR' }],
    ['refund_failure', '5.00', { kind: 'refund_failed', reference: 're_1', amount: 500, currency: 'EUR' }],
  ])('%s of %s is a movement', (category, gross, movement) => {
    expect(read(category, 'pi_1', 're_1', gross, 'eur')).toEqual(movement);
  });

  it('is a movement of its intent, or of the charge alone if it has none', () => {
    expect(read('charge', null, 'ch_1', '1', 'jpy')).toEqual({
      ...{ kind: 'capture', reference: 'ch_1', amount: 1, currency: 'JPY' },
    });
  });

  it.each(['fee', 'payout', 'dispute', 'charge_failure', 'other_adjustment', 'constructor'])(
    'is ignored if it is a %s, whatever else it has',
    (category) => {
      expect(read(category, null, null, 'x', null)).toBe(category);
    },
  );

  it.each<[(string | null)[], string]>([
    [['Charge', 'pi_1', 'ch_1', '1', 'eur'], 'reporting_category is no category'],
    [[null, 'pi_1', 'ch_1', '1', 'eur'], 'reporting_category is no category'],
    [['__proto__', 'pi_1', 'ch_1', '1', 'eur'], 'reporting_category is no category'],
    [['x'.repeat(51), 'pi_1', 'ch_1', '1', 'eur'], 'reporting_category is no category'],
    [['charge', 'pi_1', 'ch_1', '1', null], 'currency is none of ISO 4217 that can be paid in'],
    [['charge', 'pi_1', 'ch_1', '1', 'btc'], 'currency is none of ISO 4217 that can be paid in'],
    [['charge', 'pi_1', 'ch_1', '1,00', 'eur'], 'gross is no amount of EUR'],
    [['charge', 'pi_1', 'ch_1', null, 'eur'], 'gross is no amount of EUR'],
    [['charge', 'pi_1', 'ch_1', '0.001', 'jpy'], 'gross is no amount of JPY'],
    [['refund', 'pi_1', null, '-1', 'eur'], 'source_id is empty'],
    [['refund', 'pi_1', 'x'.repeat(256), '-1', 'eur'], 'the id of the refund is none of the provider'],
    [
      ['refund', 'pi_1', ['4242', '4242', '4242', '4242'].join(''), '-1', 'eur'],
      'the id of the refund is none of the provider',
    ],
    [['charge', 'pi_1'], 'has 2 cells; the header has 5'],
  ])('%j is rejected', (cells, reason) => {
    expect(read(...cells)).toEqual({ line: 2, reason });
  });

  it('that is no row is rejected for what is wrong with it', () => {
    expect(readSettlement(COLUMNS, [{ line: 7, flaw: 'is not CSV' }])).toEqual({
      movements: [],
      ignored: [],
      rejections: [{ line: 7, reason: 'is not CSV' }],
    });
  });

  it('is read to the last digit, wherever its columns are and whatever others there are', () => {
    const anyColumns = fc
      .uniqueArray(fc.stringMatching(/^[a-z]{1,8}\[\d\]$/), { maxLength: 5 })
      .chain((others) => fc.shuffledSubarray([...COLUMNS, ...others], { minLength: 5 + others.length }));
    const anyCategory = fc.constantFrom('charge', 'partial_capture_reversal', 'refund', 'refund_failure');
    fc.assert(
      fc.property(
        anyColumns,
        anyCategory,
        anyId,
        anyId,
        anyMoney,
        fc.boolean(),
        (columns, category, intent, source, money, out) => {
          const [decimal] = formatMoney(money).split(' ') as [string];
          const gross = out ? `-${decimal}` : decimal;
          const cells: Record<string, string> = {
            reporting_category: category,
            payment_intent_id: intent,
            source_id: source,
            gross,
            currency: money.currency.toLowerCase(),
          };
          const { movements } = readSettlement(columns, [
            { line: 2, cells: columns.map((name) => cells[name] ?? 'x') },
          ]);
          const sign = out === (category === 'refund') ? 1 : -1;
          expect(movements).toEqual([
            {
              kind: KINDS[category] ?? 'capture',
              reference: category.startsWith('refund') ? source : intent,
              amount: money.amount === 0 ? 0 : sign * money.amount,
              currency: money.currency,
            },
          ]);
        },
      ),
    );
  });

  it('never comes out in another line, and is never lost', () => {
    const anyCell = fc.oneof(
      fc.constant(null),
      fc.constantFrom('charge', 'refund', 'fee', 'pi_1', '1.00', 'eur', ''),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.array(anyCell, { minLength: 4, maxLength: 6 })), (rows) => {
        const lines = rows.map((cells, index) => ({ line: index + 2, cells }));
        const { movements, ignored, rejections } = readSettlement(COLUMNS, lines);
        expect(movements.length + ignored.length + rejections.length).toBe(rows.length);
        for (const { amount } of movements) expect(Number.isSafeInteger(amount)).toBe(true);
      }),
    );
  });
});

describe('missingColumns', () => {
  it('names what a header lacks', () => {
    expect(missingColumns(['gross', 'other', 'currency', 'source_id'])).toEqual([
      'reporting_category',
      'payment_intent_id',
    ]);
    expect(missingColumns([...COLUMNS, 'net'])).toEqual([]);
  });
});

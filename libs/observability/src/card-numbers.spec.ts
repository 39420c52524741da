import { describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import fc from 'fast-check';
import { luhnNumber, separated } from '../test/card-arbitraries.ts';
import { isCardNumber, redactCardNumbers } from './card-numbers.ts';

const CARD = luhnNumber('411111111111111');

describe('redactCardNumbers', () => {
  it.each([
    ['alone', CARD, '#'],
    ['in groups', 'pay 4111 1111 1111 1111 now', 'pay # now'],
    ['with dashes of any kind', '4111-1111–1111‑1111', '#'],
    ['with several blanks', '4111  1111 - 1111 1111', '#'],
    ['beside other digits', 'qty 12 4111 1111 1111 1111 exp 12/30', 'qty 12 # exp 12/30'],
    ['beside letters', `card${CARD}x`, 'card#x'],
    ['twice', `${CARD}, ${CARD}`, '#, #'],
    ['over two lines', '4111 1111\n1111 1111', '#'],
  ])('replaces a card number %s', (_, text, expected) => {
    expect(redactCardNumbers(text, '#')).toBe(expected);
  });

  it.each([
    ['digits too far apart', '4111 1111 -- 1111 1111'],
    ['a number that fails the check', '4111 1111 1111 1112'],
    ['too few digits', '411111111117'],
    ['more digits in one group than a card has', '41111111111111111111'],
    ['an ISO time', '2026-07-28T12:34:56.789Z'],
    ['a W3C trace id of digits', luhnNumber('1234567890123456789012345678901')],
    ['a UUID of digits', '41111111-1111-4111-8111-111111111111'],
    ['money and counts', 'order of 3 items for 1999 EUR at 10.50, 250 ms'],
  ])('leaves %s', (_, text) => {
    expect(redactCardNumbers(text, '#')).toBe(text);
  });

  it('lets no card number through, whatever is around it and however it is grouped', () => {
    const around = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(around, separated(), around, (before, card, after) => {
        fc.pre(!/[\da-f-]$/i.test(before) && !/^[\da-f-]/i.test(after));
        expect(redactCardNumbers(before + card + after, '#')).not.toContain(card);
      }),
      { numRuns: 5_000 },
    );
  });

  it('finds a card number among other groups of digits', () => {
    const groups = fc.array(fc.stringMatching(/^\d{1,6}$/), { maxLength: 4 });
    fc.assert(
      fc.property(groups, separated(), groups, (before, card, after) => {
        const text = [...before, card, ...after].join(' ');
        expect(redactCardNumbers(text, '#')).not.toContain(card);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves identifiers and times alone', () => {
    const uuid = fc.uuid();
    const digest = fc.stringMatching(/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/);
    const id = fc.nat().map(() => sharedError('timeout', 'x').errorId);
    const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') });
    const ordinary = fc.oneof(
      uuid,
      digest,
      id,
      time.map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(ordinary, (text) => {
        expect(redactCardNumbers(`id=${text}, done`, '#')).toBe(`id=${text}, done`);
      }),
      { numRuns: 5_000 },
    );
  });

  it('copes with a long run of digits', () => {
    expect(redactCardNumbers('1 '.repeat(4_096), '#').length).toBeLessThanOrEqual(8_192);
  });
});

describe('isCardNumber', () => {
  it('wants 13 to 19 digits that pass the check', () => {
    fc.assert(fc.property(separated(''), (card) => isCardNumber(card)));
    expect(isCardNumber(CARD)).toBe(true);
    expect(isCardNumber('4111 1111 1111 1111')).toBe(false);
    expect(isCardNumber('18')).toBe(false);
  });
});

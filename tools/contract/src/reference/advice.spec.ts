import { describe, expect, it } from '@jest/globals';
import { adviceIn } from './advice.ts';

describe('adviceIn', () => {
  it('takes out the errors and the limit, which are told elsewhere', () => {
    const { sentences, onError } = adviceIn(
      'Ships an order. It costs 12.50 EUR (see get_order). Errors: order_not_found (see list_orders). At most 60 calls a minute.',
    );
    expect(sentences).toEqual(['Ships an order.', 'It costs 12.50 EUR (see get_order).']);
    expect([...onError]).toEqual([['order_not_found', 'see list_orders']]);
  });

  it.each<[string, string, [string, string][]]>([
    ['one without advice', 'Errors: not_found.', [['not_found', '']]],
    ['one that is about sending', 'Errors of sending: too_large (split it).', [['too_large', 'split it']]],
    ['others', 'Other errors: too_late (wait).', [['too_late', 'wait']]],
    [
      'some that share what is said of the last',
      'Errors: card_declined, card_expired (ask for another), approval_required (wait), too_late.',
      [
        ['card_declined', 'ask for another'],
        ['card_expired', 'ask for another'],
        ['approval_required', 'wait'],
        ['too_late', ''],
      ],
    ],
    [
      'advice with a list and brackets of its own',
      'Errors: too_late (wait, look (see get_order), decide: again).',
      [['too_late', 'wait, look (see get_order), decide: again']],
    ],
  ])('reads %s', (_what, text, expected) => {
    expect([...adviceIn(text).onError]).toEqual(expected);
  });

  it('leaves alone what only looks like a list of errors', () => {
    const text = 'Errors: they are many, see the manual (or ask).';
    expect(adviceIn(text)).toEqual({ sentences: [text], onError: new Map() });
  });
});

import { describe, expect, it } from '@jest/globals';
import { toolArguments } from './tool-arguments.ts';

describe('toolArguments', () => {
  it('takes text as it is, and JSON as what it means', () => {
    expect(
      toolArguments([
        'sku=007',
        'note=a=b := c\nd',
        'empty=',
        'limit:=3',
        'lines:=[{"sku":"A"}]',
        'last:=true',
      ]),
    ).toEqual({ sku: '007', note: 'a=b := c\nd', empty: '', limit: 3, lines: [{ sku: 'A' }], last: true });
    expect(toolArguments([])).toEqual({});
  });

  it.each([
    ['order', "'order' is no argument"],
    ['=x', 'write name=text'],
    ['lines:=[{sku}]', "behind 'lines:=' must be JSON"],
  ])('says what is wrong with %s', (pair, message) => {
    expect(() => toolArguments([pair])).toThrow(message);
  });
});

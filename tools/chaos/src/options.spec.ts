import { describe, expect, it } from '@jest/globals';
import { FAULTS } from './faults/index.ts';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('has all faults strike often in a long run', () => {
    expect(parseOptions([])).toEqual({ orders: 300, strikes: 10, faults: FAULTS, writeDocs: false });
  });

  it('has some of them strike twice in a short one', () => {
    const { orders, strikes, faults } = parseOptions([
      '--orders',
      '20',
      '--fault',
      'clock',
      '--fault',
      'kill',
    ]);
    expect([orders, strikes, faults.map(({ name }) => name)]).toEqual([20, 2, ['clock', 'kill']]);
  });

  it('has as many strikes as it is told', () => {
    expect(parseOptions(['--orders', '20', '--strikes', '7']).strikes).toBe(7);
  });

  it.each([
    [['--orders', 'many'], '--orders must be a whole number, not many.'],
    [['--strikes', '0'], '--strikes must be a whole number, not 0.'],
    [['--fault', 'flood'], "There is no fault 'flood'; there are: kill, "],
  ])('says what is wrong with %j', (args, told) => {
    expect(() => parseOptions(args)).toThrow(told);
  });
});

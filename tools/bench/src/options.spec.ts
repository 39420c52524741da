import { describe, expect, it } from '@jest/globals';
import { parseOptions, PARTS, UsageError } from './options.ts';

describe('parseOptions', () => {
  it('measures everything in five rounds unless told', () => {
    const { effort, parts, memoryCalls } = parseOptions([]);
    expect(effort.rounds).toBe(5);
    expect([...parts]).toEqual(PARTS);
    expect(memoryCalls).toBe(1_000_000);
  });

  it('leaves out the million calls when it has to be quick, unless they are asked for', () => {
    expect(parseOptions(['--quick']).parts.has('memory')).toBe(false);
    expect([...parseOptions(['--quick', '--only', 'memory,trivial']).parts]).toEqual(['memory', 'trivial']);
  });

  it.each([
    [['--only', 'trivial,lists'], "no part 'lists'"],
    [['--rounds', '0'], '--rounds must be'],
    [['--rounds', 'many'], '--rounds must be'],
    [['--memory-calls', '1.5'], '--memory-calls must be'],
    [['--fast'], '--fast'],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});

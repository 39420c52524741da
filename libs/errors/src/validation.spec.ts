import { describe, expect, it } from '@jest/globals';
import { jsonPointer, validationError } from './validation.ts';

describe('jsonPointer', () => {
  it.each([
    [[], ''],
    [['a'], '/a'],
    [['items', 0, 'price'], '/items/0/price'],
    [[''], '/'],
    [['a/b', 'm~n', '~1'], '/a~1b/m~0n/~01'],
  ])('writes %j as "%s"', (path, pointer) => {
    expect(jsonPointer(path)).toBe(pointer);
  });
});

describe('validationError', () => {
  const issues = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ path: `/${index}`, message: 'is wrong' }));

  it('points at each wrong field', () => {
    const error = validationError('Two fields are wrong.', issues(2));
    expect(error).toMatchObject({ code: 'validation_error', isFinal: true, details: { issues: issues(2) } });
  });

  it('lists twenty and counts the rest', () => {
    expect(validationError('m', issues(20)).details).toEqual({ issues: issues(20) });
    expect(validationError('m', issues(1_000)).details).toEqual({ issues: issues(20), issues_omitted: 980 });
  });
});

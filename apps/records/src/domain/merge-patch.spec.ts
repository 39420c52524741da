import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from './json.ts';
import { mergePatch } from './merge-patch.ts';

describe('mergePatch', () => {
  // RFC 7396, appendix A: original, patch, result.
  it.each<[JsonValue, JsonValue, JsonValue]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('makes %j, patched with %j, %j', (original, patch, result) => {
    expect(mergePatch(original, patch)).toEqual(result);
  });

  it('changes neither argument', () => {
    const original = { a: { b: 1 } };
    const patch = { a: { b: null, c: 2 } };
    mergePatch(original, patch);
    expect([original, patch]).toEqual([{ a: { b: 1 } }, { a: { b: null, c: 2 } }]);
  });

  it('treats names of Object.prototype as any other name', () => {
    const patch = JSON.parse('{"__proto__":{"admin":true},"constructor":{"x":1}}') as JsonValue;
    const merged = mergePatch({ toString: 1 }, patch);
    expect(Object.keys(merged as object)).toEqual(['toString', '__proto__', 'constructor']);
    expect(JSON.stringify(merged)).toBe('{"toString":1,"__proto__":{"admin":true},"constructor":{"x":1}}');
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unstorableText } from './unstorable-text.ts';

describe('unstorableText', () => {
  it('finds it at any depth and points at it', () => {
    expect(unstorableText({ a: [1, { 'b/c': 'x\0' }] })).toMatchObject({ path: '/a/1/b~1c' });
    expect(unstorableText({ a: '\udc00' })).toMatchObject({ path: '/a' });
    expect(unstorableText({ a: { 'k\0': 1 } })).toMatchObject({ path: '/a' });
  });

  it('does not run out of stack', () => {
    let deep: unknown = 'x\0';
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(unstorableText(deep)).toBeDefined();
  });

  it('lets through exactly what has neither', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const bad = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i.test(text.replaceAll('\\\\', ''));
        expect(unstorableText(value) !== undefined).toBe(bad);
      }),
    );
  });
});

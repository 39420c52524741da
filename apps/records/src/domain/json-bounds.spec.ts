import { describe, expect, it } from '@jest/globals';
import { boundIssues, DOCUMENT_BOUNDS } from './json-bounds.ts';
import type { JsonValue } from './json.ts';

const issues = (value: unknown) => boundIssues(value, DOCUMENT_BOUNDS);

function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? { a: value } : [value];
  return { a: value };
}

describe('boundIssues', () => {
  it('has nothing to say about an ordinary document', () => {
    expect(issues({ a: [1, 'ß😀', null, { constructor: true, prototype: 1 }], '': -0 })).toEqual([]);
  });

  it.each([[[1]], ['text'], [null], [undefined], [1]])('wants an object, not %j', (value) => {
    expect(issues(value)).toEqual([{ path: [], message: 'must be a JSON object' }]);
  });

  it.each<[string, unknown, (string | number)[], string]>([
    ['NUL in a string', { a: [{ b: 'x\0y' }] }, ['a', 0, 'b'], 'contains a NUL character (\\u0000)'],
    ['NUL in a key', { a: { 'x\0': 1 } }, ['a'], 'has a key that contains a NUL character (\\u0000)'],
    ['half a surrogate pair', { a: '\ud800' }, ['a'], 'contains half of a surrogate pair'],
    ['half a pair in a key', { '\udc00': 1 }, [], 'has a key that contains half of a surrogate pair'],
    ['a number beyond doubles', { a: JSON.parse('1e400') }, ['a'], 'is a number too large for a double'],
    ['__proto__', JSON.parse('{"a":{"__proto__":1}}'), ['a'], 'has a key "__proto__", which is not allowed'],
  ])('points at %s', (_, value, path, message) => {
    expect(issues(value)).toEqual([{ path, message }]);
  });

  it('takes 32 levels and no more', () => {
    expect(issues(nested(31))).toEqual([]);
    expect(issues(nested(32))).toEqual([{ path: expect.any(Array), message: 'is nested too deeply' }]);
  });

  it('does not fall for depth', () => {
    expect(issues(nested(200_000))).toHaveLength(1);
  });

  it('takes 256 KiB of UTF-8 and no more', () => {
    const frame = '{"a":""}'.length;
    expect(issues({ a: 'é'.repeat((256 * 1024 - frame) / 2) })).toEqual([]);
    expect(issues({ a: 'é'.repeat((256 * 1024 - frame) / 2) + 'x' })).toEqual([
      { path: [], message: 'has 262145 bytes as JSON; at most 262144 are allowed' },
    ]);
  });

  it('stops after twenty issues', () => {
    expect(issues({ a: Array.from({ length: 1000 }, () => '\0') })).toHaveLength(20);
  });
});

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { argumentsDigest, keyDigest } from './digest.ts';

describe('argumentsDigest', () => {
  it('is the SHA-256 of the canonical JSON', () => {
    // printf '{"a":[1,"x"],"b":{}}' | sha256sum
    expect(argumentsDigest({ b: {}, a: [1, 'x'] })).toBe(
      '\\x040dcb8bef4fd223df47a142b7ffb795176a8fa7f350db374474184dd3d3096b',
    );
  });

  it('does not depend on the idempotency key, and counts no arguments as an empty object', () => {
    expect(argumentsDigest({ a: 1, idempotency_key: 'one' })).toBe(argumentsDigest({ a: 1 }));
    expect(argumentsDigest({ idempotency_key: 'one' })).toBe(argumentsDigest(undefined));
    expect(argumentsDigest({ a: { idempotency_key: 'one' } })).not.toBe(argumentsDigest({ a: {} }));
  });

  it('tells different arguments apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        // Through JSON, which knows no -0.
        const equal = isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
        expect(argumentsDigest({ v: a }) === argumentsDigest({ v: b })).toBe(equal);
      }),
    );
  });

  it.each([['text'], [42], [null], [[1, 2]]])('has a digest for %j, which is no object', (args) => {
    expect(argumentsDigest(args)).toMatch(/^\\x[\da-f]{64}$/);
  });

  it('is null for what has no JSON', () => {
    expect(argumentsDigest(JSON.parse('{"amount":1e999}'))).toBeNull();
  });
});

describe('keyDigest', () => {
  it('is that of the key', () => {
    // printf order-cart-7f3a | sha256sum
    expect(keyDigest('order-cart-7f3a')).toBe(
      '\\x217368d8810f643dbd9d0c313bb73d0b3b2ca9865e615f4b8e36dcb3c7b7b9b2',
    );
    expect(keyDigest('order-cart-7f3a')).not.toBe(keyDigest('order-cart-7f3b'));
    expect(keyDigest(undefined)).toBeNull();
  });

  it('is the same for all card numbers', () => {
    expect(keyDigest('pay-4111111111111111')).toBe(keyDigest('pay-5555555555554444'));
  });
});

import { testCall } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { fingerprint } from './scoped-key.ts';

describe('the fingerprint of a call', () => {
  it('is the one that rows of earlier versions have', () => {
    const call = testCall({ input: { to: 'Zoë', amount: 10.5, lines: [1, null] }, idempotencyKey: 'a' });
    expect(fingerprint(call).toString('hex')).toBe(
      '24afc18637030a5ff945126578f4a8ea31561b5c4bd821eb034c34c7057b821b',
    );
  });

  it('is made of the arguments alone, in whatever order they come', () => {
    const one = testCall({ input: { a: 1, b: 2 }, idempotencyKey: 'key one' });
    const other = testCall({ input: { b: 2, a: 1 }, principal: { tenant: 'globex' } });
    expect(fingerprint(one)).toEqual(fingerprint(other));
    expect(fingerprint(testCall({ input: { a: 1, b: 3 } }))).not.toEqual(fingerprint(one));
  });
});

import { describe, expect, it } from '@jest/globals';
import { isSharedErrorCode, SHARED_ERRORS } from './shared-codes.ts';

describe('the shared errors', () => {
  it.each(Object.entries(SHARED_ERRORS))(
    '%s has a stable name and a hint that is a sentence',
    (code, { hint }) => {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(hint).toMatch(/^[A-Z].*\.$/);
    },
  );

  it('are told from the codes of a tool', () => {
    expect(isSharedErrorCode('not_found')).toBe(true);
    expect(isSharedErrorCode('order_not_found')).toBe(false);
    expect(isSharedErrorCode('toString')).toBe(false);
  });
});

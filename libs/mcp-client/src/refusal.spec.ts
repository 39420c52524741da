import { describe, expect, it } from '@jest/globals';
import { isDefinite, readRefusal } from './refusal.ts';

const envelope = {
  error: 'The card was declined.',
  code: 'card_declined',
  category: 'business_error',
  retryable: false,
  hint: 'Ask for another card.',
  error_id: 'err_01k0000000000000000000000a',
  details: { decline_code: 'do_not_honor' },
};

describe('readRefusal', () => {
  it('takes what can be decided by, and no text', () => {
    expect(readRefusal({ ...envelope, retry_after_seconds: 2, more: 'text' })).toEqual({
      code: 'card_declined',
      category: 'business_error',
      retryable: false,
      retryAfterSeconds: 2,
      errorId: 'err_01k0000000000000000000000a',
      details: { decline_code: 'do_not_honor' },
    });
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'card_declined'],
    ['no code', { ...envelope, code: undefined }],
    ['a code that is a sentence', { ...envelope, code: 'The card was declined' }],
    ['a code without end', { ...envelope, code: 'a'.repeat(65) }],
    ['a category that nobody knows', { ...envelope, category: 'act_of_god' }],
    ['retryable in words', { ...envelope, retryable: 'yes' }],
  ])('reads nothing from %s', (_what, content) => {
    expect(readRefusal(content)).toBeUndefined();
  });

  it.each([
    ['details', 'x'],
    ['details', { padding: 'x'.repeat(20_000) }],
    ['error_id', 'err <script>'],
    ['error_id', 7],
    ['retry_after_seconds', -1],
    ['retry_after_seconds', 1e9],
    ['retry_after_seconds', 'soon'],
  ])('does without %s that are not as they should be', (field, value) => {
    const without = readRefusal({ ...envelope, [field]: undefined });
    expect(without).toBeDefined();
    expect(readRefusal({ ...envelope, [field]: value })).toEqual(without);
  });
});

describe('isDefinite', () => {
  it.each([
    ['business_error', 'card_declined', true],
    ['client_error', 'rate_limited', true],
    ['client_error', 'idempotency_conflict', true],
    ['client_error', 'idempotency_in_flight', false],
    ['client_error', 'cancelled', false],
    ['server_error', 'timeout', false],
    ['server_error', 'internal_error', false],
  ] as const)('%s %s: %s', (category, code, expected) => {
    expect(isDefinite({ category, code, retryable: false })).toBe(expected);
  });
});

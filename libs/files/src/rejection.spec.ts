import { describe, expect, it } from '@jest/globals';
import { storableReason } from './rejection.ts';

describe('the reason of a rejection', () => {
  it('can be stored whatever it quotes', () => {
    const reason = storableReason(`/a\0b\nc\ud800 is wrong${'😀'.repeat(400)}`);
    expect(reason).toMatch(/^\/a\uFFFDb\uFFFDc\uFFFD is wrong😀+…$/u);
    expect([...reason]).toHaveLength(300);
    expect(reason.isWellFormed()).toBe(true);
  });

  it('is left alone if it is short', () => {
    expect(storableReason('/a is required')).toBe('/a is required');
  });
});

import { describe, expect, it } from '@jest/globals';
import { rejection } from './import.ts';

describe('the reason of a rejection', () => {
  it('can be stored whatever it quotes', () => {
    const { line, reason } = rejection(7, `/a\0b\nc\ud800 is wrong${'😀'.repeat(400)}`);
    expect(line).toBe(7);
    expect(reason).toMatch(/^\/a\uFFFDb\uFFFDc\uFFFD is wrong😀+…$/u);
    expect([...reason]).toHaveLength(300);
    expect(reason.isWellFormed()).toBe(true);
  });

  it('is left alone if it is short', () => {
    expect(rejection(1, '/a is required').reason).toBe('/a is required');
  });
});

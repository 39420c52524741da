import { Config } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { randomKey } from '../test/calls.ts';
import { paginationSettings } from './settings.ts';

function settingsFrom(env: Record<string, string>) {
  const config = Config.of([paginationSettings], env);
  config.close();
  return config.get(paginationSettings);
}

describe('paginationSettings', () => {
  it('needs nothing to be set', () => {
    expect(settingsFrom({})).toEqual({ cursorKeys: undefined, byteBudget: 262_144 });
  });

  it('takes several keys', () => {
    const keys = `${randomKey()}, ${randomKey()}`;
    expect(settingsFrom({ MCP_CURSOR_KEYS: keys }).cursorKeys?.value()).toBe(keys);
  });

  it.each([
    ['a short key', 'short'],
    ['a short key behind a good one', `${randomKey()},short`],
    ['an empty key', `${randomKey()},`],
    ['too many keys', Array.from({ length: 9 }, randomKey).join()],
  ])('refuses %s', (_, keys) => {
    expect(() => settingsFrom({ MCP_CURSOR_KEYS: keys })).toThrow(/MCP_CURSOR_KEYS is invalid/);
  });

  it('refuses a budget that holds hardly an item', () => {
    expect(() => settingsFrom({ MCP_RESPONSE_BYTE_BUDGET: '10' })).toThrow(/MCP_RESPONSE_BYTE_BUDGET/);
  });
});

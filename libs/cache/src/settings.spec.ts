import { Config, ConfigError } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { cacheSettings } from './settings.ts';

describe('cacheSettings', () => {
  it('have defaults', () => {
    expect(Config.of([cacheSettings], {}).get(cacheSettings)).toEqual({
      enabled: true,
      maxEntryBytes: 262_144,
      maxTtlSeconds: 600,
    });
  });

  it.each([
    ['MCP_CACHE', 'maybe'],
    ['MCP_CACHE_MAX_ENTRY_BYTES', '0'],
    ['MCP_CACHE_MAX_TTL_SECONDS', '86401'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => Config.of([cacheSettings], { [name]: value })).toThrow(ConfigError);
  });
});

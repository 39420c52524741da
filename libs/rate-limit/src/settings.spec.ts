import { Config, ConfigError } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { rateLimitSettings } from './settings.ts';

describe('rateLimitSettings', () => {
  it.each([
    ['on unless told otherwise', {}, true],
    ['on', { MCP_RATE_LIMITS: 'on' }, true],
    ['off', { MCP_RATE_LIMITS: 'off' }, false],
  ])('are %s', (_, env, enabled) => {
    expect(Config.of([rateLimitSettings], env).get(rateLimitSettings)).toEqual({ enabled });
  });

  it('refuse anything else', () => {
    expect(() => Config.of([rateLimitSettings], { MCP_RATE_LIMITS: 'maybe' })).toThrow(ConfigError);
  });
});

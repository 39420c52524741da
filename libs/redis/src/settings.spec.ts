import { Config, ConfigError } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { redisSettings } from './settings.ts';

const settings = (env: Record<string, string>) => Config.of([redisSettings], env).get(redisSettings);

describe('redisSettings', () => {
  it('need nothing', () => {
    expect(settings({})).toEqual({ url: undefined, commandTimeoutMs: 50 });
  });

  it.each(['redis://cache', 'rediss://app:pw@cache:6380/2'])('take %s', (url) => {
    expect(settings({ MCP_REDIS_URL: url }).url!.value()).toBe(url);
  });

  it.each(['http://cache', 'cache:6379', 'redis://cache/sessions'])('refuse %s', (url) => {
    expect(() => settings({ MCP_REDIS_URL: url })).toThrow(ConfigError);
  });
});

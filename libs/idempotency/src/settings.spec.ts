import { Config } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { idempotencySettings } from './settings.ts';

function settingsFrom(env: Record<string, string>) {
  const config = Config.of([idempotencySettings], env);
  config.close();
  return config.get(idempotencySettings);
}

describe('idempotencySettings', () => {
  it('waits 2 seconds and remembers 24 hours if nothing is set', () => {
    expect(settingsFrom({})).toEqual({ waitMs: 2_000, retentionHours: 24 });
  });

  it('does not let keys be forgotten within a day', () => {
    expect(() => settingsFrom({ MCP_IDEMPOTENCY_RETENTION_HOURS: '23' })).toThrow(
      /MCP_IDEMPOTENCY_RETENTION_HOURS/,
    );
  });
});

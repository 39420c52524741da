import { describe, expect, it, jest } from '@jest/globals';
import { hasPromtool } from './promtool.ts';

describe('a machine without promtool', () => {
  const none = { GANTRY_PROMTOOL: '/no/such/promtool' };

  it('skips what needs it, and says so', () => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const has = hasPromtool(none);
    const texts = said.mock.calls.map(([text]) => text);
    said.mockRestore();
    expect(has).toBe(false);
    expect(texts).toEqual([expect.stringMatching(/^SKIPPED: .*apt-get install prometheus/)]);
  });

  it('fails in CI', () => {
    expect(() => hasPromtool({ ...none, GANTRY_REQUIRE_CONTAINERS: '1' })).toThrow('there is no promtool');
  });
});

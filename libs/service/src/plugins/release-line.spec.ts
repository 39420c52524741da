import { describe, expect, it } from '@jest/globals';
import { releaseLine } from './release-line.ts';

describe('releaseLine', () => {
  it.each([
    ['1.0.0', '1'],
    ['1.12.3', '1'],
    ['12.0.1-rc.1', '12'],
    ['0.1.0', '0.1'],
    ['0.12.7', '0.12'],
  ])('of %s is %s', (version, line) => {
    expect(releaseLine(version)).toBe(line);
  });

  it.each(['', '1', '1.0', '^1.0.0', 'v1.0.0', '1.0.0.0', 'latest'])('is not known for %j', (version) => {
    expect(releaseLine(version)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseChallenge } from './challenge.ts';

describe('parseChallenge', () => {
  it('reads the parameters', () => {
    expect(parseChallenge('Bearer error="invalid_token", scope="a:read b:write", realm=""')).toEqual({
      error: 'invalid_token',
      scope: 'a:read b:write',
      realm: '',
    });
    expect(parseChallenge('bearer')).toEqual({});
  });

  it.each([null, '', 'Basic realm="x"', 'Bearers a="b"'])('is none: %s', (header) => {
    expect(parseChallenge(header)).toBeUndefined();
  });
});

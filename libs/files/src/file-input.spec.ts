import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { FILE_ERRORS, fileInput, HOW_TO_SEND } from './file-input.ts';

const input = z.strictObject(fileInput);

describe('a part of a file', () => {
  it('is the only one unless it says otherwise', () => {
    expect(input.parse({ content: 'a' })).toEqual({ content: 'a', part: 1, last: true });
  });

  it.each([
    ['half a character', '"\ud83d'],
    ['NUL', 'a\0'],
    ['nothing', ''],
    ['too much', 'x'.repeat(700_001)],
  ])('holds no %s', (_, content) => {
    expect(input.safeParse({ content }).error?.issues).toMatchObject([{ path: ['content'] }]);
  });

  it('belongs to an upload', () => {
    const of = (upload_id: string) => input.safeParse({ content: 'a', upload_id }).success;
    expect(of(`upl_0${'1'.repeat(25)}`)).toBe(true);
    expect(of(`imp_0${'1'.repeat(25)}`)).toBe(false);
  });
});

describe('how to send a file', () => {
  it.each(FILE_ERRORS)('says what to do about %s', (code) => {
    expect(HOW_TO_SEND).toMatch(new RegExp(`${code} \\(.+?\\)`));
  });
});

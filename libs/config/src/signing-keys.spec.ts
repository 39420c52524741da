import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { SigningKeys, signingKeyList } from './signing-keys.ts';
import { Secret } from './secret.ts';

const key = () => randomBytes(24).toString('base64url');
const textOf = (keys: SigningKeys) => keys.all.map((one) => one.export().toString());

describe('signing keys', () => {
  it('sign with the first and verify with all', () => {
    const [first, second] = [key(), key()];
    const keys = new SigningKeys(Secret.of(`${first}, ${second}`));
    expect(keys.first.export().toString()).toBe(first);
    expect(textOf(keys)).toEqual([first, second]);
  });

  it('are random in each process without a secret', () => {
    expect(textOf(new SigningKeys(undefined))).not.toEqual(textOf(new SigningKeys(undefined)));
  });

  it('are long, and not too many', () => {
    expect(signingKeyList.safeParse(`${key()},${key()}`).success).toBe(true);
    expect(signingKeyList.safeParse(`${key()},short`).error?.issues[0]?.message).toContain('32 characters');
    expect(signingKeyList.safeParse(Array.from({ length: 9 }, key).join()).success).toBe(false);
  });
});

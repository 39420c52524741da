import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@gantry/pipeline';
import type { KeySet } from './issuer-keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

const keys = {} as KeySet;
const later = Date.now() + 60_000;
const principal = (subject: string): Principal => ({ tenant: 't', subject, client: 'c', scopes: new Set() });

describe('VerifiedTokens', () => {
  it('forgets the least recently used token when it is full', () => {
    const tokens = new VerifiedTokens(2);
    tokens.remember('a', keys, principal('a'), later);
    tokens.remember('b', keys, principal('b'), later);
    tokens.find('a', keys);
    tokens.remember('c', keys, principal('c'), later);
    expect(tokens.find('a', keys)).toMatchObject({ subject: 'a' });
    expect(tokens.find('b', keys)).toBeUndefined();
    expect(tokens.find('c', keys)).toMatchObject({ subject: 'c' });
    expect(tokens.size).toBe(2);
  });

  it('drops a token when its time is over', () => {
    const tokens = new VerifiedTokens(2);
    tokens.remember('a', keys, principal('a'), Date.now());
    expect(tokens.find('a', keys)).toBeUndefined();
    expect(tokens.size).toBe(0);
  });

  it('knows nothing under other keys, and forgets all when it learns something under them', () => {
    const tokens = new VerifiedTokens(2);
    const newer = {} as KeySet;
    tokens.remember('a', keys, principal('a'), later);
    expect(tokens.find('a', newer)).toBeUndefined();
    tokens.remember('b', newer, principal('b'), later);
    expect(tokens.find('a', keys)).toBeUndefined();
    expect(tokens.size).toBe(1);
  });

  it('remembers nothing with no capacity', () => {
    const tokens = new VerifiedTokens(0);
    tokens.remember('a', keys, principal('a'), later);
    expect(tokens.size).toBe(0);
  });
});

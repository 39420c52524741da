import { startIssuer, type TestIssuer } from '@gantry/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Access, Tokens } from './tokens.ts';

type Claims = Readonly<Record<string, unknown>> & Readonly<Record<'iat' | 'nbf' | 'exp', number>>;

/** A part of a JWT: its header is the first, its claims are the second. */
function part<Content = Readonly<Record<string, unknown>>>(token: string, index: number): Content {
  return JSON.parse(Buffer.from(token.split('.')[index]!, 'base64url').toString()) as Content;
}

describe('Tokens', () => {
  let issuer: TestIssuer;
  let tokens: Tokens;
  beforeEach(async () => {
    issuer = await startIssuer();
    tokens = new Tokens(issuer, 'acme');
  });
  afterEach(() => issuer.close());

  const issued = async () => {
    const token = await tokens.issue('http://here/mcp', ['orders:admin']);
    const { iat, nbf, exp, aud, tenant, scope } = part<Claims>(token.value, 1);
    const now = Date.now() / 1_000;
    const from = (time: number) => Math.round((time - now) / 10) * 10 + 0;
    return { token, claims: { iat: from(iat), nbf: from(nbf), exp: from(exp), aud, tenant, scope } };
  };

  it('are good for longer than any run', async () => {
    const { token, claims } = await issued();
    expect(claims).toMatchObject({ iat: 0, nbf: 0, exp: 86_400, aud: 'http://here/mcp', tenant: 'acme' });
    expect(tokens.deserves(token)).toBe('accepted');
  });

  it.each([
    [
      { aheadSeconds: 120, mustBe: 'refused' },
      { iat: 120, nbf: 120, exp: 86_520 },
    ],
    [
      { aheadSeconds: -60, lifeSeconds: 20, mustBe: 'refused' },
      { iat: -60, nbf: -60, exp: -40 },
    ],
  ] as const)('are of a clock that is wrong (%j) until it is right again', async (clock, expected) => {
    tokens.become(clock);
    const { token, claims } = await issued();
    expect(claims).toMatchObject(expected);
    expect(tokens.deserves(token)).toBe('refused');
    tokens.become(undefined);
    expect((await issued()).claims).toMatchObject({ iat: 0, nbf: 0, exp: 86_400 });
  });

  it('of a key that was changed may be refused or not, and new ones until services know the new key', async () => {
    const former = (await issued()).token;
    await tokens.rotate({ forgetFormer: true });
    const { token } = await issued();
    expect(part(token.value, 0)['kid']).not.toBe(part(former.value, 0)['kid']);
    expect([tokens.deserves(former), tokens.deserves(token)]).toEqual(['either', 'either']);
    tokens.become({ aheadSeconds: 120, mustBe: 'refused' });
    expect(tokens.deserves((await issued()).token)).toBe('refused');
  });

  it('are fetched once for all calls, and once again however many were refused', async () => {
    const access = new Access(tokens, 'http://here/mcp', []);
    const [one, two] = await Promise.all([access.token(), access.token()]);
    expect(two).toBe(one);
    await access.forget(one);
    const next = await access.token();
    expect(next).not.toBe(one);
    await access.forget(one);
    expect(await access.token()).toBe(next);
  });
});

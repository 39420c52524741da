import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { separated } from '../test/card-arbitraries.ts';
import { MAX_TEXT, redactText } from './redact-text.ts';

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = `${segment({ alg: 'ES256', typ: 'JWT' })}.${segment({ sub: 'user-7', aud: 'orders' })}.c2lnbmF0dXJl`;

describe('redactText', () => {
  it.each([
    ['a bearer token', 'Bearer abc.def-123~', 'Bearer [redacted]'],
    ['a bearer token in any case', 'sent BEARER\tabc123== to it', 'sent BEARER\t[redacted] to it'],
    ['a header', 'GET / authorization: Basic dXNlcjpwYXNz', 'GET / authorization: [redacted]'],
    ['a bearer header', 'Authorization: Bearer abc', 'Authorization: [redacted]'],
    ['every cookie of a header', 'Cookie: a=1; b=2\nHost: x', 'Cookie: [redacted]\nHost: x'],
    ['a JSON Web Token', `got ${jwt}.`, 'got [redacted]'],
    ['a cut JSON Web Token', `got ${jwt.slice(0, 30)}`, 'got [redacted]'],
    ['a password parameter', 'user=ann&password=hunter2&x=1', 'user=ann&password=[redacted]&x=1'],
    ['a password with blanks', '{"password": "a b,c", "x": 1}', '{"password": [redacted], "x": 1}'],
    ['a password with quotes', '{"password":"a\\"b","x":1}', '{"password":[redacted],"x":1}'],
    [
      'a secret in JSON inside JSON',
      '{\\"client_secret\\":\\"s3\\",\\"x\\":1}',
      '{\\"client_secret\\":[redacted],\\"x\\":1}',
    ],
    ['an API key', "api-key: 'k 1' or API_KEY=k2", 'api-key: [redacted] or API_KEY=[redacted]'],
    [
      'the password in a URL',
      'postgres://app:s3cret@db:5432/x?y=1',
      'postgres://app:[redacted]@db:5432/x?y=1',
    ],
    ['a provider key', 'used sk_live_51Habc and whsec_abc', 'used [redacted] and [redacted]'],
  ])('hides %s', (_, text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it('hides a private key', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const body = pem.split('\n')[1]!;
    expect(redactText(`key: ${pem}`)).not.toContain(body);
    expect(redactText(pem.slice(0, 100))).toBe('[redacted]');
  });

  it.each([
    'order ord_01k0000000000000000000000a shipped at 2026-07-28T12:34:56.789Z',
    '550e8400-e29b-41d4-a716-446655440000',
    'http://localhost:3000/mcp',
    'took 12.5 ms for 3 rows',
    'eyJ',
    '',
  ])('leaves "%s"', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('lets no bearer token through', () => {
    const token = fc.stringMatching(/^[\w.~+/-]{1,80}={0,2}$/);
    const around = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(
        around,
        fc.constantFrom('Bearer ', 'bearer  ', 'BEARER '),
        token,
        around,
        (before, scheme, secret, after) => {
          fc.pre(!/\w$/.test(before) && !/^[\w.~+/=-]/.test(after));
          fc.pre(
            !(before + after).includes(secret) && !'redacted'.includes(secret) && !scheme.includes(secret),
          );
          expect(redactText(`${before}${scheme}${secret}${after}`)).not.toContain(secret);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('cuts a long text and says so', () => {
    const text = 'x'.repeat(MAX_TEXT * 2);
    expect(redactText(text)).toBe(`${'x'.repeat(MAX_TEXT)}… [cut, ${MAX_TEXT * 2} characters]`);
  });

  it('shows no part of a secret that the cut goes through', () => {
    const secret = fc.oneof(
      separated(),
      fc.constant(`Bearer ${jwt}`),
      fc.constant('postgres://app:correct-horse-battery@db/x'),
    );
    const far = fc.integer({ min: MAX_TEXT - 100, max: MAX_TEXT + 600 });
    fc.assert(
      fc.property(secret, far, (hidden, position) => {
        const clean = redactText('.'.repeat(position) + hidden + '.'.repeat(2_000)).replace(/… \[cut.*/, '');
        expect(clean).not.toMatch(/\d|eyJ|horse/);
      }),
      { numRuns: 1_000 },
    );
  });
});

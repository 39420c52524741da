import type { RawAnswer, TestIssuer } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { assertInsufficientScope, assertUnauthorized } from './assert-challenge.ts';
import type { AuthTarget } from './auth-check.ts';

const none = undefined as unknown as TestIssuer;
const target: AuthTarget = { name: 'records', url: 'http://host:1/mcp', issuer: none, stranger: none };

const good = {
  error: 'invalid_token',
  resource_metadata: 'http://host:1/.well-known/oauth-protected-resource/mcp',
  scope: 'records:read records:write',
};

function answer(status: number, challenge: object = good, json: RawAnswer['json'] = {}): RawAnswer {
  const parameters = Object.entries(challenge).map(([name, value]) => `${name}="${String(value)}"`);
  const headers = new Headers({ 'www-authenticate': `Bearer ${parameters.join(', ')}` });
  return { status, headers, text: '', json };
}

const { error: _error, ...withoutError } = good;
const { scope: _scope, ...withoutScope } = good;

describe('assertUnauthorized', () => {
  it('takes a 401 that says what RFC 6750 and RFC 9728 want', () => {
    expect(() => assertUnauthorized(target, answer(401), 'invalid_token')).not.toThrow();
    expect(() => assertUnauthorized(target, answer(401, withoutError))).not.toThrow();
  });

  it.each<[string, RawAnswer]>([
    ['HTTP 403', answer(403)],
    ['error is undefined', answer(401, withoutError)],
    ['error is expired', answer(401, { ...good, error: 'expired' })],
    ['wrong resource_metadata', answer(401, { ...good, resource_metadata: 'http://other/' })],
    ['no scope to ask for', answer(401, withoutScope)],
    ['there is a result', answer(401, good, { result: {} })],
    ['no WWW-Authenticate: Bearer', { ...answer(401), headers: new Headers() }],
  ])('says %s', (problem, given) => {
    expect(() => assertUnauthorized(target, given, 'invalid_token')).toThrow(problem);
  });

  it('wants no error where there was no token', () => {
    expect(() => assertUnauthorized(target, answer(401))).toThrow('error is invalid_token');
  });
});

describe('assertInsufficientScope', () => {
  const insufficient = { ...good, error: 'insufficient_scope' };

  it('gives the scopes that are needed', () => {
    expect(assertInsufficientScope(target, answer(403, insufficient))).toEqual([
      'records:read',
      'records:write',
    ]);
  });

  it.each<[string, RawAnswer]>([
    ['HTTP 401', answer(401, insufficient)],
    ['error is invalid_token', answer(403)],
    ['wrong resource_metadata', answer(403, { ...insufficient, resource_metadata: 'http://other/' })],
    ['no scope to ask for', answer(403, { ...insufficient, scope: '' })],
  ])('says %s', (problem, given) => {
    expect(() => assertInsufficientScope(target, given)).toThrow(problem);
  });
});

import type { RawAnswer } from '@gantry/testing';
import assert from 'node:assert/strict';
import type { AuthTarget } from './auth-check.ts';
import { parseChallenge } from './challenge.ts';

/** Where RFC 9728 puts the metadata of a resource: between its origin and its path. */
export function metadataUrlOf({ url }: AuthTarget): string {
  const { origin, pathname } = new URL(url);
  return `${origin}/.well-known/oauth-protected-resource${pathname}`;
}

/**
 * 401, with a challenge that says where to get a token and what to ask for, and nothing of what the service has.
 *
 * @param error - RFC 6750 wants none if there was no token
 */
export function assertUnauthorized(target: AuthTarget, answer: RawAnswer, error?: 'invalid_token'): void {
  assert.equal(answer.status, 401, `HTTP ${answer.status}`);
  const challenge = challengeOf(answer);
  assert.equal(challenge['error'], error, `error is ${challenge['error']}`);
  assert.equal(challenge['resource_metadata'], metadataUrlOf(target), 'wrong resource_metadata');
  assert.ok(challenge['scope'], 'no scope to ask for');
  assert.equal(answer.json.result, undefined, 'there is a result');
}

/** 403 `insufficient_scope`, with all scopes that are needed. */
export function assertInsufficientScope(target: AuthTarget, answer: RawAnswer): readonly string[] {
  assert.equal(answer.status, 403, `HTTP ${answer.status}`);
  const challenge = challengeOf(answer);
  assert.equal(challenge['error'], 'insufficient_scope', `error is ${challenge['error']}`);
  assert.equal(challenge['resource_metadata'], metadataUrlOf(target), 'wrong resource_metadata');
  assert.ok(challenge['scope'], 'no scope to ask for');
  return challenge['scope'].split(' ');
}

function challengeOf({ headers }: RawAnswer): Readonly<Record<string, string>> {
  const challenge = parseChallenge(headers.get('www-authenticate'));
  assert.ok(challenge, 'no WWW-Authenticate: Bearer');
  return challenge;
}

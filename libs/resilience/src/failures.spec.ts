import { describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { networkError } from '../test/fixtures.ts';
import { isTransient } from './failures.ts';

describe('isTransient', () => {
  it.each([
    ['a retryable GantryError', sharedError('dependency_unavailable', 'Away.')],
    ['a refused connection', networkError()],
    ['a lost connection behind fetch', new TypeError('fetch failed', { cause: networkError('ECONNRESET') })],
    ['several addresses that refuse', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })],
    ['a time limit of the work itself', new DOMException('Too slow.', 'TimeoutError')],
  ])('says yes to %s', (_, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['a GantryError that stays', sharedError('not_found', 'No such payment.')],
    [
      'a GantryError that says no for the network',
      sharedError('internal_error', 'm', { cause: networkError() }),
    ],
    ['a bug', new TypeError('x is not a function')],
    ['a wrong URL', Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' })],
    ['a certificate that is not trusted', Object.assign(new Error('m'), { code: 'CERT_HAS_EXPIRED' })],
    ['an abort', new DOMException('Aborted.', 'AbortError')],
    ['something else', 'ECONNREFUSED'],
    ['nothing', undefined],
  ])('says no to %s', (_, error) => {
    expect(isTransient(error)).toBe(false);
  });

  it('ends on an error that is its own cause', () => {
    const error = new Error('round and round');
    error.cause = error;
    expect(isTransient(error)).toBe(false);
  });
});

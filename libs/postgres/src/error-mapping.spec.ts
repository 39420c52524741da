import { sharedError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import { abortError, asDatabaseError } from './error-mapping.ts';

const withCode = (code: string, more: object = {}) => Object.assign(new Error('original'), { code, ...more });

describe('asDatabaseError', () => {
  it.each([
    ['ECONNREFUSED'],
    ['ECONNRESET'],
    ['ENOTFOUND'],
    ['CONNECTION_CLOSED'],
    ['CONNECT_TIMEOUT'],
    ['08006'],
    ['53300'],
    ['57P01'],
    ['57P03'],
    ['25P03'],
    ['40001'],
    ['40P01'],
  ])('takes %s for something that passes', (code) => {
    const cause = withCode(code);
    expect(asDatabaseError(cause)).toMatchObject({
      code: 'dependency_unavailable',
      retryable: true,
      retryAfterSeconds: 1,
      cause,
    });
  });

  it.each([['57014'], ['55P03']])('takes %s for a timeout', (code) => {
    expect(asDatabaseError(withCode(code))).toMatchObject({ code: 'timeout', retryable: true });
  });

  it('takes a plan that went stale for something that passes, but no other missing feature', () => {
    expect(asDatabaseError(withCode('0A000', { routine: 'RevalidateCachedQuery' }))).toMatchObject({
      code: 'dependency_unavailable',
    });
    expect(asDatabaseError(withCode('0A000'))).toBeUndefined();
  });

  it('never repeats what the database said', () => {
    const error = asDatabaseError(withCode('57P01', { detail: 'db1.internal' }))!;
    expect(error.message).not.toContain('original');
  });

  it('leaves errors of ours as they are', () => {
    const error = sharedError('not_found', 'No.');
    expect(asDatabaseError(error)).toBe(error);
  });

  it.each([
    [withCode('23505')],
    [withCode('42601')],
    [new Error('x')],
    ['text'],
    [null],
    [undefined],
    [{ code: 7 }],
  ])('has nothing to say about %p', (error) => {
    expect(asDatabaseError(error)).toBeUndefined();
  });
});

describe('abortError', () => {
  it('is the reason, if that is an error of ours', () => {
    const reason = sharedError('timeout', 'Late.');
    expect(abortError(AbortSignal.abort(reason))).toBe(reason);
  });

  it('is a cancellation otherwise', () => {
    expect(abortError(AbortSignal.abort())).toMatchObject({ code: 'cancelled' });
    expect(abortError(AbortSignal.abort(sharedError('internal_error', 'Bug.')))).toMatchObject({
      code: 'internal_error',
    });
  });
});

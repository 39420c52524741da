import { businessError, sharedError } from '@gantry/errors';
import { failure, success } from '@gantry/pipeline';
import { describe, expect, it } from '@jest/globals';
import { isFinal, MAX_ANSWER_BYTES, storedOutcome, storedText, type StoredAnswer } from './stored-answer.ts';

function restored(text: string) {
  return storedOutcome(JSON.parse(text) as StoredAnswer);
}

describe('a stored answer', () => {
  it('brings an output back', () => {
    const outcome = success({ id: 'rec_1', error: 'a field of this name', output: null });
    expect(restored(storedText(outcome))).toEqual(outcome);
  });

  it('brings an error back with its error_id, and without its cause', () => {
    const error = businessError('sold_out', 'Sold out.', 'Wait.', {
      details: { left: 0 },
      retryAfterSeconds: 3,
      cause: new Error('internal'),
    });
    const text = storedText(failure(error));
    expect(text).not.toContain('internal');
    expect(restored(text)).toMatchObject({ ok: false, error: { errorId: error.errorId, code: 'sold_out' } });
    expect(restored(text)).toEqual(
      failure(expect.objectContaining({ details: { left: 0 }, retryAfterSeconds: 3 }) as never),
    );
  });

  it('may be as large as the limit, and no larger', () => {
    const overhead = Buffer.byteLength('{"output":{"text":""}}');
    const fits = 'ä'.repeat((MAX_ANSWER_BYTES - overhead) / 2);
    expect(storedText(success({ text: fits }))).toHaveLength(fits.length + overhead);
    expect(() => storedText(success({ text: `${fits}ä` }))).toThrow(/too large/);
  });

  it('is made of what can never change alone', () => {
    expect(isFinal(success({}))).toBe(true);
    expect(isFinal(failure(businessError('sold_out', 'Sold out.', 'Wait.')))).toBe(true);
    expect(isFinal(failure(sharedError('not_found', 'No such thing.')))).toBe(true);
    expect(isFinal(failure(businessError('busy', 'Busy.', 'Wait.', { retryable: true })))).toBe(false);
    expect(isFinal(failure(sharedError('timeout', 'Too slow.')))).toBe(false);
    expect(isFinal(failure(sharedError('cancelled', 'Gone.')))).toBe(false);
    expect(isFinal(failure(sharedError('internal_error', 'A bug.')))).toBe(false);
  });
});

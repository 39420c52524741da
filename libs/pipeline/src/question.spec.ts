import { asGantryError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import { AnswerRefused, cannotAsk, InputRequired } from './question.ts';

const asked = { message: 'Pay?', schema: { type: 'object' } };

describe('InputRequired', () => {
  const ending = new InputRequired({ approve: asked }, 'state');

  it('gets through the pipeline as it is', () => {
    expect(asGantryError(ending)).toBe(ending);
    expect(ending).toMatchObject({ questions: { approve: asked }, requestState: 'state' });
  });

  it('is a known code that is not kept as an answer', () => {
    expect(ending).toMatchObject({ code: 'input_required', category: 'client_error', isFinal: false });
  });
});

describe('AnswerRefused', () => {
  it('is a validation error that says what to do, and is not kept as an answer', () => {
    const refused = new AnswerRefused('pay', 'No.', [{ path: '/requestState', message: 'is wrong' }]);
    expect(refused.isFinal).toBe(false);
    expect(refused.toEnvelope()).toEqual({
      error: 'No.',
      code: 'validation_error',
      category: 'client_error',
      retryable: false,
      hint: expect.stringMatching(/^Call pay anew, .* without requestState/),
      error_id: refused.errorId,
      details: { issues: [{ path: '/requestState', message: 'is wrong' }] },
    });
  });
});

describe('a call that no stage has made able to ask', () => {
  it('says so', async () => {
    expect(cannotAsk.canAsk).toBe(false);
    await expect(cannotAsk.ask('approve', undefined as never)).rejects.toThrow('can ask nobody');
  });
});

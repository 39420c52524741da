import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ErrorEnvelope } from './envelope.ts';
import { asGantryError, businessError, GantryError, sharedError } from './gantry-error.ts';
import { SHARED_ERRORS, type SharedErrorCode } from './shared-codes.ts';

describe('sharedError', () => {
  it('takes category, retryability and hint from the shared set', () => {
    const error = sharedError('rate_limited', 'Too many calls.', { retryAfterSeconds: 7 });
    expect(error).toBeInstanceOf(Error);
    expect(error.toEnvelope()).toEqual({
      error: 'Too many calls.',
      code: 'rate_limited',
      category: 'client_error',
      retryable: true,
      hint: 'Wait retry_after_seconds, then repeat the same call.',
      retry_after_seconds: 7,
      error_id: error.errorId,
    });
  });

  it('lets the thrower give a better hint and details', () => {
    const error = sharedError('not_found', 'No such order.', {
      hint: 'Call list_orders.',
      details: { id: 'ord_1' },
    });
    expect(error.toEnvelope()).toMatchObject({ hint: 'Call list_orders.', details: { id: 'ord_1' } });
  });
});

describe('businessError', () => {
  it('is a refusal that repeating does not change', () => {
    const error = businessError('order_already_shipped', 'The order has shipped.', 'Use return_order.');
    expect(error).toMatchObject({
      code: 'order_already_shipped',
      category: 'business_error',
      retryable: false,
    });
    expect(error.isFinal).toBe(true);
  });

  it('may say that it passes with time', () => {
    const error = businessError('out_of_stock', 'None left.', 'Wait.', {
      retryable: true,
      retryAfterSeconds: 60,
    });
    expect(error.toEnvelope()).toMatchObject({ retryable: true, retry_after_seconds: 60 });
    expect(error.isFinal).toBe(false);
  });
});

describe('GantryError', () => {
  it('never shows its cause', () => {
    const error = sharedError('dependency_unavailable', 'Try later.', {
      cause: new Error('ECONNREFUSED 10.0.0.7'),
    });
    expect((error.cause as Error).message).toContain('10.0.0.7');
    expect(JSON.stringify(error.toEnvelope())).not.toContain('10.0.0.7');
  });

  it('has an id of its own', () => {
    const ids = Array.from({ length: 100 }, () => sharedError('timeout', 'Too slow.').errorId);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^err_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('is final unless it may pass or the service failed', () => {
    const final = Object.keys(SHARED_ERRORS).filter(
      (code) => sharedError(code as SharedErrorCode, 'm').isFinal,
    );
    expect(final).toEqual([
      'validation_error',
      'not_found',
      'permission_denied',
      'idempotency_key_required',
      'idempotency_conflict',
      'version_conflict',
    ]);
  });

  it('comes back from its envelope unchanged, so that a stored answer can be replayed', () => {
    const envelopes: fc.Arbitrary<ErrorEnvelope> = fc.record(
      {
        error: fc.string(),
        code: fc.string(),
        category: fc.constantFrom('client_error', 'business_error', 'server_error'),
        retryable: fc.boolean(),
        hint: fc.string(),
        retry_after_seconds: fc.nat(),
        error_id: fc.string(),
        details: fc.dictionary(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: ['error', 'code', 'category', 'retryable', 'hint', 'error_id'] },
    );
    fc.assert(
      fc.property(envelopes, (envelope) => {
        expect(GantryError.fromEnvelope(envelope).toEnvelope()).toEqual(envelope);
      }),
    );
  });
});

describe('asGantryError', () => {
  it('passes a GantryError on', () => {
    const error = sharedError('timeout', 'Too slow.');
    expect(asGantryError(error)).toBe(error);
  });

  it('finds the reason why a signal was aborted in what Node throws then', async () => {
    const reason = sharedError('timeout', 'Too slow.');
    const thrown: unknown = await pause(60_000, undefined, { signal: AbortSignal.abort(reason) }).catch(
      (error: unknown) => error,
    );
    expect(thrown).not.toBe(reason);
    expect(asGantryError(thrown)).toBe(reason);
  });

  it.each([
    ['an error', new TypeError('password=hunter2 at db.internal')],
    ['an abort for no reason of ours', new DOMException('hunter2', 'AbortError')],
    ['a string', 'password=hunter2'],
    ['nothing', undefined],
    ['something that looks like one', { code: 'not_found', message: 'hunter2', category: 'client_error' }],
  ])('makes %s an internal error that says nothing of it', (_, thrown) => {
    const error = asGantryError(thrown);
    expect(error.cause).toBe(thrown);
    expect(error.toEnvelope()).toEqual({
      error: 'The service failed to handle this call.',
      code: 'internal_error',
      category: 'server_error',
      retryable: false,
      hint: 'Report error_id to the operator of this service.',
      error_id: error.errorId,
    });
  });
});

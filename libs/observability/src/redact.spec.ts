import { describe, expect, it } from '@jest/globals';
import { Secret } from '@gantry/config';
import { sharedError } from '@gantry/errors';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { cards, luhnNumber, separated } from '../test/card-arbitraries.ts';
import { redact, redactFields } from './redact.ts';

const CARD = luhnNumber('411111111111111');

describe('redact', () => {
  it.each([
    'password',
    'db_password',
    'clientSecret',
    'access_token',
    'X-Api-Key',
    'Authorization',
    'set-cookie',
    'privateKey',
    'credentials',
    'cvc',
    'cardNumber',
    'pan',
    'PIN',
    'jwt',
  ])('hides what is under the key "%s"', (key) => {
    expect(redact({ [key]: 'x', also: { [key]: 123 } })).toEqual({
      [key]: '[redacted]',
      also: { [key]: '[redacted]' },
    });
  });

  it('hides whole objects and lists under such a key', () => {
    expect(redact({ credentials: { user: 'ann' }, secrets: ['a'] })).toEqual({
      credentials: '[redacted]',
      secrets: '[redacted]',
    });
  });

  it('leaves what only resembles such a key, and tells whether there is a secret', () => {
    const fields = {
      idempotency_key: 'k',
      max_tokens: 5,
      span: 's',
      pinned: 'p',
      token: null,
      has_password: true,
    };
    expect(redact(fields)).toEqual(fields);
  });

  it('looks into texts, lists and keys', () => {
    expect(redact({ list: ['Bearer abc', { note: `paid with ${CARD}` }], [CARD]: 1 })).toEqual({
      list: ['Bearer [redacted]', { note: 'paid with [redacted]' }],
      '[redacted]': 1,
    });
  });

  it('hides card numbers that are numbers', () => {
    expect(redact([Number(CARD), BigInt(CARD), -Number(CARD), Number('4111111111111111111')])).toEqual(
      new Array(4).fill('[redacted]'),
    );
  });

  it('leaves ordinary numbers, times among them', () => {
    const ordinary = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noInteger: true }),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2033-05-18') }).map(Number),
    );
    fc.assert(fc.property(ordinary, (value) => Object.is(redact(value), value)));
  });

  it('turns errors into data with stack, cause and code', () => {
    const cause = Object.assign(new TypeError('connect to postgres://app:pw@db failed'), {
      code: 'ECONNREFUSED',
      query: 'select 1',
    });
    const error = sharedError('dependency_unavailable', 'Away.', { cause });
    expect(redact({ err: error })).toEqual({
      err: {
        type: 'GantryError',
        message: 'Away.',
        stack: expect.stringContaining('redact.spec'),
        code: 'dependency_unavailable',
        error_id: error.errorId,
        cause: {
          type: 'TypeError',
          message: 'connect to postgres://app:[redacted]@db failed',
          stack: expect.stringContaining('redact.spec'),
          code: 'ECONNREFUSED',
        },
      },
    });
  });

  it('knows an error of another realm for one', () => {
    const foreign = runInNewContext('new TypeError("far away")') as Error;
    expect(redact(foreign)).toMatchObject({ type: 'TypeError', message: 'far away' });
  });

  it('shows every error of an aggregate', () => {
    const clean = redact(new AggregateError([new Error('a'), new Error('b')], 'both'));
    expect(clean).toMatchObject({ message: 'both', errors: [{ message: 'a' }, { message: 'b' }] });
  });

  it('shows special objects in short', () => {
    const view = {
      at: new Date(0),
      never: new Date(NaN),
      bytes: Buffer.from('password'),
      map: new Map([['password', 'x']]),
      set: new Set(['x']),
      secret: Secret.of('x'),
      held: { by: Secret.of('x') },
      url: new URL('http://u:p@h/'),
      run: () => 1,
      mark: Symbol('s'),
      nothing: undefined,
    };
    expect(redact(view)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      never: 'Invalid Date',
      bytes: '[8 bytes]',
      map: '[Map of 1]',
      set: '[Set of 1]',
      secret: '[redacted]',
      held: { by: '[redacted]' },
      url: 'http://u:[redacted]@h/',
      run: '[function]',
      mark: '[symbol]',
    });
  });

  it('ends on cycles, depth, width and length', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = [cycle, cycle, cycle, cycle];
    expect(JSON.stringify(redact(cycle)).length).toBeLessThan(100_000);
    expect(redact(Array.from({ length: 150 }, () => 0))).toHaveLength(101);
    expect(
      Object.keys(redact(Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`k${i}`, i]))) as object),
    ).toHaveLength(101);
    const texts = Array.from({ length: 90 }, () => 'x'.repeat(8_000));
    expect(JSON.stringify(redact(texts)).length).toBeLessThan(90_000);
    const many = Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => ({ a: 1 })));
    expect(JSON.stringify(redact(many)).length).toBeLessThan(30_000);
  });

  it('survives values that throw', () => {
    const hostile = {
      get boom() {
        throw new Error('no');
      },
    };
    expect(redact({ hostile, ok: 1 })).toEqual({ hostile: '[unreadable]', ok: 1 });
    expect(redactFields(hostile)).toEqual({ fields: '[unreadable]' });
  });

  it('keeps a key named __proto__ a key', () => {
    const clean = redact(JSON.parse('{"__proto__": {"admin": true}}')) as Record<string, unknown>;
    expect(clean['admin']).toBeUndefined();
    expect(JSON.stringify(clean)).toBe('{"__proto__":{"admin":true}}');
  });

  it('lets no card number or bearer token through, at any place of any value', () => {
    const secret = fc.oneof(
      separated(),
      fc.stringMatching(/^[\w.-]{12,60}$/).map((token) => `Bearer ${token}`),
    );
    fc.assert(
      fc.property(fc.object({ maxDepth: 4 }), secret, fc.string(), (value, hidden, key) => {
        const line = JSON.stringify(redact({ value, [`${key} `]: [{ deep: `a ${hidden} b` }], [hidden]: 1 }));
        expect(line).not.toContain(hidden.replace('Bearer ', ''));
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(cards, (card) => {
        fc.pre(card[0] !== '0' && !(card.length === 13 && card[0] === '1'));
        expect(JSON.stringify(redact({ amount: Number(card) }))).toBe('{"amount":"[redacted]"}');
      }),
    );
  });
});

describe('redactFields', () => {
  it('takes an error or anything else for fields', () => {
    expect(redactFields(new Error('x'))).toMatchObject({ err: { message: 'x' } });
    expect(redactFields(['x'])).toEqual({ fields: ['x'] });
  });
});

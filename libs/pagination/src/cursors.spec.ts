import { Secret, SigningKeys } from '@gantry/config';
import { GantryError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callOf, randomKey } from '../test/calls.ts';
import { Cursors, MAX_CURSOR_LENGTH, type Position } from './cursors.ts';

const cursors = new Cursors(new SigningKeys(Secret.of(randomKey())));
const call = callOf();
const query = { filter: { status: 'open' }, sort: ['created_at', 'id'] };

function expectRefused(open: () => unknown): void {
  let thrown: unknown;
  try {
    open();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(GantryError);
  expect(thrown).toMatchObject({ code: 'validation_error', details: { issues: [{ path: '/cursor' }] } });
}

const position: fc.Arbitrary<Position> = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
  ),
  { maxLength: 6 },
);

describe('Cursors', () => {
  it('gives back the position it was given', () => {
    fc.assert(
      fc.property(position, (original) => {
        expect(cursors.open(call, query, cursors.seal(call, query, original))).toEqual(original);
      }),
    );
  });

  it('makes short, opaque text that needs no escaping anywhere', () => {
    const cursor = cursors.seal(call, query, ['rec_01jb0000000000000000000000']);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(cursor.length).toBeLessThan(70);
  });

  it('does not care in which order the properties of a query are written', () => {
    const cursor = cursors.seal(call, { a: 1, b: { c: 2, d: 3 } }, ['x']);
    expect(cursors.open(call, { b: { d: 3, c: 2 }, a: 1, e: undefined }, cursor)).toEqual(['x']);
  });

  it('refuses a cursor with any bit changed', () => {
    fc.assert(
      fc.property(position, fc.nat(), (original, nth) => {
        const bytes = Buffer.from(cursors.seal(call, query, original), 'base64url');
        const bit = nth % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expectRefused(() => cursors.open(call, query, bytes.toString('base64url')));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a cursor with any character changed, dropped, doubled or added', () => {
    const alphabet = [
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
      '+',
      '/',
      '=',
      ' ',
      '\n',
      '\0',
      'é',
    ];
    fc.assert(
      fc.property(
        position,
        fc.nat(),
        fc.constantFrom(...alphabet),
        fc.nat({ max: 2 }),
        (original, nth, character, how) => {
          const cursor = cursors.seal(call, query, original);
          const at = nth % cursor.length;
          const rest = cursor.slice(at + (how === 0 ? 0 : 1));
          const tampered = cursor.slice(0, at) + (how === 2 ? '' : character) + rest;
          fc.pre(tampered !== cursor);
          expectRefused(() => cursors.open(call, query, tampered));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('refuses what is no cursor at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        expectRefused(() => cursors.open(call, query, text)),
      ),
    );
    expectRefused(() => cursors.open(call, query, 'A'.repeat(1_000_000)));
  });

  it('refuses every truncation', () => {
    const cursor = cursors.seal(call, query, ['2026-01-01T00:00:00Z', 'ord_1']);
    for (let length = 0; length < cursor.length; length++) {
      expectRefused(() => cursors.open(call, query, cursor.slice(0, length)));
    }
  });

  it.each([
    ['another tenant', callOf({ tenant: 'umbrella' }), query],
    ['another subject', callOf({ subject: 'bob' }), query],
    ['another client', callOf({ client: 'other-agent' }), query],
    ['another tool', callOf({ tool: 'list_invoices' }), query],
    ['another filter', call, { ...query, filter: { status: 'closed' } }],
    ['another sort', call, { ...query, sort: ['id'] }],
    ['a filter more', call, { ...query, owner: 'alice' }],
    ['names that run together to the same text', callOf({ tenant: 'acmeal', subject: 'ice' }), query],
  ])('refuses the cursor for %s', (_, otherCall, otherQuery) => {
    const cursor = cursors.seal(call, query, ['x']);
    expectRefused(() => cursors.open(otherCall, otherQuery, cursor));
  });

  it('refuses the cursor for any other principal and query', () => {
    const name = fc.string({ maxLength: 3 });
    const where = fc.record({
      tenant: name,
      subject: name,
      client: name,
      query: fc.dictionary(name, name, { maxKeys: 2 }),
    });
    fc.assert(
      fc.property(where, where, (here, there) => {
        fc.pre(JSON.stringify(sorted(here)) !== JSON.stringify(sorted(there)));
        const cursor = cursors.seal(callOf(here), here.query, ['x']);
        expectRefused(() => cursors.open(callOf(there), there.query, cursor));
      }),
    );
  });

  it('lets no position be made that does not fit, and says what to do', () => {
    const longest = (length: number) => cursors.seal(call, query, ['x'.repeat(length)]);
    expect(longest(1_515).length).toBe(MAX_CURSOR_LENGTH);
    expect(() => longest(1_516)).toThrow(expect.objectContaining({ code: 'validation_error' }));
  });

  it('makes no cursor from values that JSON would change', () => {
    for (const value of [Number.NaN, new Date(0), 1n, undefined]) {
      expect(() => cursors.seal(call, query, [value as never])).toThrow(TypeError);
    }
  });
});

describe('SigningKeys', () => {
  const [old, next] = [randomKey(), randomKey()];
  const cursorsWith = (keys: string) => new Cursors(new SigningKeys(Secret.of(keys)));

  it('signs with the first key and verifies with all', () => {
    const before = cursorsWith(old).seal(call, query, ['x']);
    const during = cursorsWith(`${next}, ${old}`);
    expect(during.open(call, query, before)).toEqual(['x']);
    const after = cursorsWith(next);
    expect(after.open(call, query, during.seal(call, query, ['y']))).toEqual(['y']);
    expectRefused(() => after.open(call, query, before));
  });

  it('follows a rotation of the secret without a restart', () => {
    const secret = Secret.of(old);
    const rotating = new Cursors(new SigningKeys(secret));
    const before = rotating.seal(call, query, ['x']);
    secret.rotate(`${next},${old}`);
    expect(rotating.open(call, query, before)).toEqual(['x']);
    expect(cursorsWith(next).open(call, query, rotating.seal(call, query, ['y']))).toEqual(['y']);
    secret.rotate(next);
    expectRefused(() => rotating.open(call, query, before));
  });

  it('without a secret, uses a key that no other process has', () => {
    const [here, there] = [new Cursors(new SigningKeys(undefined)), new Cursors(new SigningKeys(undefined))];
    const cursor = here.seal(call, query, ['x']);
    expect(here.open(call, query, cursor)).toEqual(['x']);
    expectRefused(() => there.open(call, query, cursor));
  });
});

function sorted({ query: properties, ...principal }: { query: Record<string, string> }): unknown {
  return [principal, Object.entries(properties).sort()];
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pickFields } from './pick-fields.ts';

const country = { id: 'rec_1', name: 'France', capital: 'Paris', area: 551_695 };
const choice = { allowed: ['id', 'name', 'capital', 'area', 'borders'], always: ['id'] as const };

describe('pickFields', () => {
  it('keeps everything if nothing is asked for', () => {
    expect(pickFields(undefined, choice)(country)).toEqual(country);
  });

  it('keeps what was asked for and what is always there, in the order of the item', () => {
    expect(Object.entries(pickFields(['capital', 'name'], choice)(country))).toEqual([
      ['id', 'rec_1'],
      ['name', 'France'],
      ['capital', 'Paris'],
    ]);
  });

  it('does not invent a field that this item lacks', () => {
    expect(pickFields(['borders'], choice)(country)).toEqual({ id: 'rec_1' });
  });

  it('points at each unknown field and names the allowed ones', () => {
    expect(() => pickFields(['name', 'Capital', '__proto__'], choice)).toThrow(
      expect.objectContaining({
        code: 'validation_error',
        details: {
          issues: [
            {
              path: '/fields/1',
              message: 'There is no field "Capital". Allowed are id, name, capital, area, borders.',
            },
            { path: '/fields/2', message: expect.stringContaining('"__proto__"') },
          ],
        },
      }),
    );
  });

  it('does not list hundreds of names', () => {
    const allowed = Array.from({ length: 500 }, (_, index) => `field_${index}`);
    expect(() => pickFields(['nope'], { allowed, always: [] })).toThrow(
      expect.objectContaining({
        details: {
          issues: [{ path: '/fields/0', message: expect.stringMatching(/field_49 and 450 more\.$/) }],
        },
      }),
    );
  });

  it('never returns a field that was not asked for', () => {
    const names = fc.subarray(choice.allowed);
    fc.assert(
      fc.property(
        names,
        fc.dictionary(fc.constantFrom(...choice.allowed, '__proto__', 'secret'), fc.nat()),
        (fields, item) => {
          const kept = Object.keys(pickFields(fields, choice)(item));
          expect(kept).toEqual(Object.keys(item).filter((name) => name === 'id' || fields.includes(name)));
        },
      ),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epochSeconds } from './date-time.ts';

describe('epochSeconds', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0, ''],
    ['1970-01-01T01:00:00+01:00', 0, ''],
    ['1969-12-31T23:59:59.5z', -1, '5'],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1) / 1000, ''],
    ['2024-02-29t12:00:00.120-03:30', Date.UTC(2024, 1, 29, 15, 30) / 1000, '12'],
    ['0026-01-01T00:00:00Z', Date.parse('0026-01-01T00:00:00Z') / 1000, ''],
  ])('reads %s', (text, seconds, fraction) => {
    expect(epochSeconds(text)).toEqual({ seconds, fraction });
  });

  it.each([
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:61Z',
    '2026-01-31T12:00:00.Z',
    '2026-01-31 12:00:00Z',
    '2026-01-31T12:00:00+24:00',
    '2026-01-31T12:00:00+01:60',
    '2026-01-31T12:00:00.1234567890Z',
    '26-01-31T12:00:00Z',
    'now',
  ])('refuses %s', (text) => {
    expect(epochSeconds(text)).toBeUndefined();
  });

  it('agrees with Date on every millisecond that both know', () => {
    const years = {
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        const { seconds, fraction } = epochSeconds(date.toISOString())!;
        expect(seconds * 1000 + Number(fraction.padEnd(3, '0'))).toBe(date.getTime());
      }),
    );
  });
});

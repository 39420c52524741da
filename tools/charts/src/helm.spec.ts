import { describe, expect, it } from '@jest/globals';
import { chartNamed, chartNames } from './folders.ts';
import { isNewEnough } from './helm.ts';

describe('Helm', () => {
  it.each([
    ['v4.1.4+g05fa379', true],
    ['v3.14.0+g3fc9f4b', true],
    ['v3.13.3+gc8b9488', false],
    ['v2.17.0', false],
    ['Not Helm at all', false],
    [null, false],
  ])('%s is new enough: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});

describe('chartNamed', () => {
  it('knows the charts', () => {
    expect(chartNamed('orders')).toBe('orders');
    expect(() => chartNamed('order')).toThrow(
      `There is no chart 'order'; there are: ${chartNames().join(', ')}.`,
    );
    expect(() => chartNamed(undefined)).toThrow('There is no chart');
  });
});

import { describe, expect, it } from '@jest/globals';
import { articleOf, pascalCase, pluralOf } from './words.ts';

describe('words', () => {
  it.each([
    ['item', 'items'],
    ['category', 'categories'],
    ['survey', 'surveys'],
    ['box', 'boxes'],
    ['batch', 'batches'],
  ])('%s has the plural %s', (one, many) => {
    expect(pluralOf(one)).toBe(many);
  });

  it('have an article', () => {
    expect(['item', 'box'].map(articleOf)).toEqual(['an', 'a']);
  });

  it('become the name of a class', () => {
    expect(['reserve_table', 'money-format'].map(pascalCase)).toEqual(['ReserveTable', 'MoneyFormat']);
  });
});

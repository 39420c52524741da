import { describe, expect, it } from '@jest/globals';
import { anchor, capital, code, duration, prose, table } from './markdown.ts';

describe('prose', () => {
  it.each([
    ['Wait retry_after_seconds.', 'Wait `retry_after_seconds`.'],
    ['See details.products[].available, or items[].', 'See `details.products[].available`, or `items[]`.'],
    ['Needs orders:write: ask.', 'Needs `orders:write`: ask.'],
    ['Set MCP_PORT; "prd_…" is an id.', 'Set `MCP_PORT`; "prd_…" is an id.'],
    ['As of 18.00, e.g. at https://x.example/mcp.', 'As of 18.00, e.g. at https://x.example/mcp.'],
    ['a < b | c * d\ne', 'a \\< b \\| c \\* d e'],
  ])('%j', (text, markdown) => {
    expect(prose(text)).toBe(markdown);
  });

  it('leads to what the page describes', () => {
    expect(prose('Use get_order, not get_orders.', new Set(['get_order']))).toBe(
      'Use [`get_order`](#get_order), not `get_orders`.',
    );
  });
});

describe('table', () => {
  it('leaves out columns that say nothing', () => {
    expect(
      table(
        ['a', 'b', 'c'],
        [
          ['1', '', '3'],
          ['4', '', ''],
        ],
      ),
    ).toBe('| a | c |\n| --- | --- |\n| 1 | 3 |\n| 4 |  |');
  });

  it('is nothing without rows', () => {
    expect(table(['a'], [])).toBe('');
  });
});

it('anchor is where GitHub puts a heading', () => {
  expect(['get_order', 'order.paid.v1', 'Settings: stdio principal'].map(anchor)).toEqual([
    'get_order',
    'orderpaidv1',
    'settings-stdio-principal',
  ]);
});

it('capital begins a sentence, and leaves names alone', () => {
  expect(['see there', 'details.x points', 'wait'].map(capital)).toEqual([
    'See there',
    'details.x points',
    'wait',
  ]);
});

it('duration is in the largest unit that fits', () => {
  expect([250, 5_000, 90_000, 600_000].map(duration)).toEqual(['250 ms', '5 s', '90 s', '10 min']);
});

it('code may stand in a cell', () => {
  expect(code('a|b')).toBe('`a\\|b`');
});

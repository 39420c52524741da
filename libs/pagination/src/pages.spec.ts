import { SigningKeys } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callOf } from '../test/calls.ts';
import { Cursors } from './cursors.ts';
import { Pages, type Page } from './pages.ts';

interface Row {
  readonly id: number;
  readonly text: string;
}

const call = callOf();
const query = { sort: ['id'] };

function pagesWith(byteBudget: number): Pages {
  return new Pages(new Cursors(new SigningKeys(undefined)), byteBudget);
}

/** What a store does with a position: the rows after it, one more than wanted. */
function fetch(rows: readonly Row[], after: readonly [number] | undefined, limit: number): Row[] {
  return rows.filter((row) => after === undefined || row.id > after[0]).slice(0, limit + 1);
}

function nextPage(pages: Pages, rows: readonly Row[], limit: number, cursor?: string): Page<Row> {
  const after = pages.position<[number]>(call, query, cursor);
  return pages.page({
    call,
    query,
    rows: fetch(rows, after, limit),
    limit,
    positionOf: (row) => [row.id],
    toItem: (row) => row,
  });
}

function bytesOf(items: readonly unknown[]): number {
  return Buffer.byteLength(JSON.stringify(items));
}

function rowsOf(count: number, text = ''): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, text }));
}

describe('Pages', () => {
  const pages = pagesWith(262_144);

  it('has no position on the first page', () => {
    expect(pages.position(call, query, undefined)).toBeUndefined();
  });

  it('says that there is more only if there is', () => {
    expect(nextPage(pages, rowsOf(21), 20)).toEqual({
      items: rowsOf(20),
      next_cursor: expect.any(String),
      has_more: true,
    });
    expect(nextPage(pages, rowsOf(20), 20)).toEqual({ items: rowsOf(20), has_more: false });
    expect(nextPage(pages, [], 20)).toEqual({ items: [], has_more: false });
  });

  it('goes on after the last row although rows before it have gone and others have come', () => {
    const { next_cursor } = nextPage(pages, rowsOf(5), 2);
    const changed = [{ id: 0, text: 'new' }, ...rowsOf(5).slice(1), { id: 6, text: 'new' }];
    expect(nextPage(pages, changed, 10, next_cursor).items.map((row) => row.id)).toEqual([3, 4, 5, 6]);
  });

  it('lets limit change from page to page', () => {
    const { next_cursor } = nextPage(pages, rowsOf(100), 2);
    expect(nextPage(pages, rowsOf(100), 50, next_cursor).items[0]).toMatchObject({ id: 3 });
  });

  it('shows items made from rows, and cuts by their size', () => {
    const page = pagesWith(1_000).page({
      call,
      query,
      rows: rowsOf(10),
      limit: 20,
      positionOf: (row) => [row.id],
      toItem: ({ id }) => ({ id, view: 'ä'.repeat(200) }),
    });
    expect(page.items).toHaveLength(2);
    expect(page.items[0]).toEqual({ id: 1, view: 'ä'.repeat(200) });
    expect(page.has_more).toBe(true);
  });

  it('does not present rows that no longer fit', () => {
    let presented = 0;
    pagesWith(1_000).page({
      call,
      query,
      rows: rowsOf(100, 'x'.repeat(400)),
      limit: 100,
      positionOf: (row) => [row.id],
      toItem: (row) => (presented++, row),
    });
    expect(presented).toBe(3);
  });

  it('returns an item over the whole budget alone', () => {
    const rows = [
      { id: 1, text: 'small' },
      { id: 2, text: 'x'.repeat(5_000) },
      { id: 3, text: 'small' },
    ];
    const first = nextPage(pagesWith(1_000), rows, 20);
    expect(first.items.map((row) => row.id)).toEqual([1]);
    const large = pagesWith(1_000);
    const alone = nextPage(large, rows.slice(1), 20);
    expect(alone.items.map((row) => row.id)).toEqual([2]);
    expect(nextPage(large, rows.slice(1), 20, alone.next_cursor)).toEqual({
      items: [rows[2]],
      has_more: false,
    });
  });

  it('shows every row exactly once, whatever the sizes, limits and budget', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 400 }),
        (all, limit, budget) => {
          const rows = all.map((text, index) => ({ id: index + 1, text }));
          const bounded = pagesWith(budget);
          const seen: Row[] = [];
          let page = nextPage(bounded, rows, limit);
          for (;;) {
            seen.push(...page.items);
            expect(page.items.length).toBeLessThanOrEqual(limit);
            expect(page.items.length === 1 || bytesOf(page.items) <= budget + '[]'.length).toBe(true);
            if (!page.has_more) break;
            page = nextPage(bounded, rows, limit, page.next_cursor);
          }
          expect(seen).toEqual(rows);
          expect(page.next_cursor).toBeUndefined();
        },
      ),
    );
  });
});

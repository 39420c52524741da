import type { ToolCall } from '@gantry/pipeline';
import type { Cursors, PageQuery, Position } from './cursors.ts';

/** One page, as a tool returns it. */
export interface Page<Item> {
  items: Item[];
  /** Absent on the last page. */
  next_cursor?: string;
  has_more: boolean;
}

/** The rows of a page and how to present them. */
export interface PageRequest<Row, Item> {
  readonly call: ToolCall;
  readonly query: PageQuery;
  /** In the order of the query, up to `limit + 1` of them: the one too many only tells that there is more. */
  readonly rows: readonly Row[];
  readonly limit: number;
  /** The sort values of a row; together they must name it alone, so the last one is usually its id. */
  readonly positionOf: (row: Row) => Position;
  readonly toItem: (row: Row) => Item;
}

/**
 * Keyset pages: each goes on after the last row of the one before, however many rows have come or gone since.
 *
 * @example
 * ```ts
 * const query = { status: input.status, sort: ['created_at', 'id'] };
 * const after = pages.position<[string, string]>(call, query, input.cursor);
 * const rows = await store.list({ status: input.status, after, limit: input.limit + 1 });
 * return pages.page({ call, query, rows, limit: input.limit, positionOf: (row) => [row.createdAt, row.id], toItem });
 * ```
 */
export class Pages {
  /**
   * @param cursors - seals positions and opens them again
   * @param byteBudget - bytes of JSON that the items of one page may have
   */
  constructor(
    private readonly cursors: Cursors,
    private readonly byteBudget: number,
  ) {}

  /**
   * Where to go on, or `undefined` for the first page.
   *
   * A position has the form it was given by `positionOf` for the same tool and query. So that a cursor from
   * before a deployment cannot have another form, put the columns of the sort into `query`.
   *
   * @throws GantryError `validation_error` if the cursor was made for another caller, tool or query, or changed
   */
  position<T extends Position>(call: ToolCall, query: PageQuery, cursor: string | undefined): T | undefined {
    return cursor === undefined ? undefined : (this.cursors.open(call, query, cursor) as T);
  }

  /** A page of at most `limit` items, cut before the item that would exceed the byte budget; never empty if there is a row. */
  page<Row, Item>({ call, query, rows, limit, positionOf, toItem }: PageRequest<Row, Item>): Page<Item> {
    const items = this.#withinBudget(rows.slice(0, limit), toItem);
    const last = rows[items.length - 1];
    if (last === undefined || items.length === rows.length) return { items, has_more: false };
    return { items, next_cursor: this.cursors.seal(call, query, positionOf(last)), has_more: true };
  }

  #withinBudget<Row, Item>(rows: readonly Row[], toItem: (row: Row) => Item): Item[] {
    const items: Item[] = [];
    let bytes = 0;
    for (const row of rows) {
      const item = toItem(row);
      bytes += Buffer.byteLength(JSON.stringify(item)) + ','.length;
      // An item over the budget of a whole page still goes out, alone: without it the list could never go on.
      if (bytes > this.byteBudget && items.length > 0) break;
      items.push(item);
    }
    return items;
  }
}

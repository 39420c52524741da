import { validationError } from '@gantry/errors';

/** More names than this are no help in an error message. */
const MAX_NAMES_SHOWN = 50;

/** Which fields there are to choose from. */
export interface FieldChoice<Always extends string> {
  readonly allowed: readonly string[];
  /** Kept even if not asked for, above all the id. */
  readonly always: readonly Always[];
}

/** Reduces an item to the fields that were asked for. */
export type FieldPick<Always extends string> = <Item extends object>(
  item: Item,
) => Partial<Item> & Pick<Item, Always & keyof Item>;

/**
 * Checks the `fields` argument once and returns the function that reduces each item to it. Call it before the
 * query: an unknown field is then refused even if there is no row.
 *
 * @param fields - as sent; `undefined` keeps all
 * @throws GantryError `validation_error` that names the allowed fields
 *
 * @example
 * ```ts
 * const pick = pickFields(input.fields, { allowed: Object.keys(OrderView.shape), always: ['id'] });
 * return pages.page({ …, toItem: (row) => pick(orderView(row)) });
 * ```
 */
export function pickFields<Always extends string>(
  fields: readonly string[] | undefined,
  { allowed, always }: FieldChoice<Always>,
): FieldPick<Always> {
  if (!fields) return (item) => item;
  refuseUnknown(fields, new Set([...allowed, ...always]));
  const wanted = new Set([...always, ...fields]);
  return <Item extends object>(item: Item) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))) as Item;
}

function refuseUnknown(fields: readonly string[], known: ReadonlySet<string>): void {
  const issues = fields.flatMap((field, index) =>
    known.has(field)
      ? []
      : [{ path: `/fields/${index}`, message: `There is no field "${field}". ${allowedNames(known)}` }],
  );
  if (issues.length > 0) throw validationError('Some of the fields asked for do not exist.', issues);
}

function allowedNames(known: ReadonlySet<string>): string {
  const shown = [...known].slice(0, MAX_NAMES_SHOWN).join(', ');
  return known.size > MAX_NAMES_SHOWN
    ? `Allowed are ${shown} and ${known.size - MAX_NAMES_SHOWN} more.`
    : `Allowed are ${shown}.`;
}

import { z } from 'zod';
import { MAX_CURSOR_LENGTH } from './cursors.ts';

/** The arguments of every tool that answers in pages. Spread it into the tool's input. */
export const pageInput = {
  limit: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe('How many items the page may have. A page of large items can have fewer.'),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR_LENGTH)
    .optional()
    .describe(
      'next_cursor of the previous page, unchanged, to get the page after it. Keep all other arguments except ' +
        'limit and fields as they were. Leave it out for the first page.',
    ),
  fields: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(50)
    .optional()
    .describe('Names of the fields wanted in each item. Leave it out to get all; name a few to save tokens.'),
};

/** The shape of an item of which `fields` can drop everything but `Always`. */
export type SelectableShape<Shape extends z.ZodRawShape, Always extends keyof Shape> = {
  [Name in keyof Shape]: Name extends Always ? Shape[Name] : z.ZodOptional<Shape[Name] & z.ZodType>;
};

/**
 * The output of a tool that answers in pages.
 *
 * @param always - for a tool that takes `fields`: what it returns even if not asked for; the rest becomes optional
 */
export function pageOutput<
  Shape extends z.ZodRawShape,
  Config extends z.core.$ZodObjectConfig,
  Always extends keyof Shape & string = keyof Shape & string,
>(item: z.ZodObject<Shape, Config>, always?: readonly Always[]) {
  const items = (always ? selectable(item, always) : item) as z.ZodObject<
    SelectableShape<Shape, Always>,
    Config
  >;
  return z.object({
    items: z.array(items),
    next_cursor: z
      .string()
      .optional()
      .describe('Send it as cursor to get the next page. Absent on the last page.'),
    has_more: z.boolean().describe('Whether there are items after this page.'),
  });
}

function selectable(item: z.ZodObject, always: readonly string[]): z.ZodObject {
  const droppable = Object.entries(item.shape).filter(([name]) => !always.includes(name));
  return item.extend(Object.fromEntries(droppable.map(([name, field]) => [name, z.optional(field)])));
}

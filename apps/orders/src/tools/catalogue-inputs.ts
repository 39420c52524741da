import { z } from 'zod';
import { CUSTOMER_PREFIX } from '../domain/customer.ts';

/** What a team may call its products and customers: one line, without space around it. */
const NAME = /^[^\s\u0000-\u001f\u007f](?:[^\u0000-\u001f\u007f]{0,62}[^\s\u0000-\u001f\u007f])?$/;

const name = z.string().regex(NAME, 'must be 1 to 64 characters, without line breaks or spaces around them');

/** A product, by either of its names. */
export const product = name.describe('Id of the product, "prd_…", or its SKU.');

/** A customer, by either of its names. */
export const customer = name.describe('Id of the customer, "cus_…", or the team\'s own reference.');

/** The number that a team knows a customer by. */
export const customerReference = name
  .refine((reference) => !reference.startsWith(CUSTOMER_PREFIX), `must not begin with "${CUSTOMER_PREFIX}"`)
  .optional()
  .describe('The team\'s own customer number, for example "ALFKI"; no two customers have the same.');

const text = (most: number) => z.string().trim().min(1).max(most);

/** What is known of a customer beside the reference. */
export const customerDetails = {
  name: text(200).describe('Of the person or company.'),
  email: z.email({ pattern: z.regexes.unicodeEmail }).max(254).optional().describe('Where to write to.'),
  address: z
    .strictObject({
      line: text(200).optional().describe('Street and number.'),
      city: text(100).optional(),
      region: text(100).optional(),
      postal_code: text(20).optional(),
      country: text(100).optional(),
    })
    .optional()
    .describe('Where to send to; what is not known is left out.'),
};

import { z } from 'zod';
import { CUSTOMER_PREFIX, type ReferencedCustomer } from '../domain/customer.ts';
import { optionalText, requiredText, rowName } from './row-text.ts';

const email = z.email();

/** A customer as a file has it. */
export const customerRow = z
  .strictObject({
    reference: rowName(CUSTOMER_PREFIX),
    name: requiredText(200),
    email: optionalText(254).refine(
      (text) => text === null || email.safeParse(text).success,
      'must be an email address',
    ),
    address_line: optionalText(200),
    city: optionalText(100),
    region: optionalText(100),
    postal_code: optionalText(20),
    country: optionalText(100),
  })
  .transform(
    ({
      reference,
      name,
      email,
      address_line: line,
      postal_code: postalCode,
      ...place
    }): ReferencedCustomer => ({
      reference,
      name,
      email,
      address: { line, postalCode, ...place },
    }),
  );

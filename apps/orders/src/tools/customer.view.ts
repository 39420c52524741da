import { z } from 'zod';
import type { Address, Customer } from '../domain/customer.ts';

/** A customer as callers see it. */
export const CustomerView = z.object({
  id: z.string(),
  reference: z.string().optional().describe("The team's own customer number."),
  name: z.string(),
  email: z.string().optional(),
  address: z
    .object({
      line: z.string().optional(),
      city: z.string().optional(),
      region: z.string().optional(),
      postal_code: z.string().optional(),
      country: z.string().optional(),
    })
    .optional(),
  created_at: z.string().describe('ISO 8601, UTC.'),
  updated_at: z.string(),
});

/** See {@link CustomerView}. */
export type CustomerOutput = z.input<typeof CustomerView>;

/** Presents a customer. */
export function customerView(customer: Customer): CustomerOutput {
  const { reference, email } = customer;
  const address = addressView(customer.address);
  return {
    id: customer.id,
    ...(reference !== null && { reference }),
    name: customer.name,
    ...(email !== null && { email }),
    ...(Object.keys(address).length > 0 && { address }),
    created_at: customer.createdAt,
    updated_at: customer.updatedAt,
  };
}

function addressView({ line, city, region, postalCode, country }: Address) {
  return {
    ...(line !== null && { line }),
    ...(city !== null && { city }),
    ...(region !== null && { region }),
    ...(postalCode !== null && { postal_code: postalCode }),
    ...(country !== null && { country }),
  };
}

import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { customerReferenceTaken } from '../domain/catalogue-refusals.ts';
import { CustomerStore } from '../store/customer.store.ts';
import { customerDetails, customerReference } from './catalogue-inputs.ts';
import { CustomerView, customerView } from './customer.view.ts';

const createCustomer = defineTool({
  name: 'create_customer',
  title: 'Create a customer',
  description:
    'Makes a customer that orders can be placed for. Use it for somebody who is not known yet: look with get_customer ' +
    'first if you have a reference, and use import_catalogue for many. Returns the customer with its id. Errors: ' +
    'customer_reference_taken (details.customer_id has it: use that customer if it is the same, or choose another ' +
    'reference). At most 60 calls a minute.',
  input: z.strictObject({ reference: customerReference, ...customerDetails }),
  output: CustomerView,
  scopes: ['orders:write'],
  effect: 'create',
  errors: ['customer_reference_taken'],
  limits: { callsPerMinute: 60 },
});

/** Makes customers. */
@Injectable()
@Tool(createCustomer)
export class CreateCustomerTool implements ToolHandler<typeof createCustomer> {
  constructor(private readonly customers: CustomerStore) {}

  async call(input: InputOf<typeof createCustomer>): Promise<OutputOf<typeof createCustomer>> {
    const { reference = null, name, email = null, address = {} } = input;
    const {
      line = null,
      city = null,
      region = null,
      postal_code: postalCode = null,
      country = null,
    } = address;
    const customer = { reference, name, email, address: { line, city, region, postalCode, country } };
    const created = await this.customers.insert(customer);
    if (created) return customerView(created);
    // Only a reference can be taken, and customers are never deleted.
    const other = await this.customers.find(reference!);
    throw customerReferenceTaken(reference!, other!.id);
  }
}

import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { customerNotFound } from '../domain/catalogue-refusals.ts';
import { CustomerStore } from '../store/customer.store.ts';
import { customer } from './catalogue-inputs.ts';
import { CustomerView, customerView } from './customer.view.ts';

const getCustomer = defineTool({
  name: 'get_customer',
  title: 'Look at a customer',
  description:
    "Shows a customer: name, email and address. Use it with an id or the team's own reference, for example to get the " +
    'customer_id that create_order takes; use list_orders to see what a customer has ordered. Errors: ' +
    'customer_not_found (check the id or reference; make the customer with create_customer). At most 300 calls a minute.',
  input: z.strictObject({ customer }),
  output: CustomerView,
  scopes: ['orders:read'],
  effect: 'read',
  errors: ['customer_not_found'],
  limits: { callsPerMinute: 300 },
});

/** Shows customers. */
@Injectable()
@Tool(getCustomer)
export class GetCustomerTool implements ToolHandler<typeof getCustomer> {
  constructor(private readonly customers: CustomerStore) {}

  async call({
    customer: idOrReference,
  }: InputOf<typeof getCustomer>): Promise<OutputOf<typeof getCustomer>> {
    const found = await this.customers.find(idOrReference);
    if (!found) throw customerNotFound(idOrReference);
    return customerView(found);
  }
}

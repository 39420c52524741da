import { ResourceTemplate, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { CUSTOMER_PREFIX } from '../domain/customer.ts';
import { CustomerStore } from '../store/customer.store.ts';
import { customerView } from '../tools/customer.view.ts';

/** Names that are offered at once. */
const OFFERED = 20;

/** A customer. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'orders://customers/{customer}',
  name: 'customer',
  title: 'Customer',
  description:
    "A customer with email and address, as get_customer returns it, by its id or the team's own reference. Subscribe by the id to hear when it is described anew.",
  mimeType: 'application/json',
  scopes: ['orders:read'],
  ttlMs: 10_000,
  // There are two URIs of a customer, and a change names only one.
  cache: 'none',
})
export class CustomerResource implements ResourceTemplateHandler {
  constructor(private readonly customers: CustomerStore) {}

  async read({ customer: idOrReference }: { customer: string }): Promise<string | undefined> {
    const customer = await this.customers.find(idOrReference);
    return customer && JSON.stringify(customerView(customer));
  }

  /** References, which say more than ids, unless it is an id that was begun. */
  complete(_variable: string, prefix: string): Promise<string[]> {
    return this.customers.namesFrom(prefix.startsWith(CUSTOMER_PREFIX) ? 'id' : 'reference', prefix, OFFERED);
  }
}

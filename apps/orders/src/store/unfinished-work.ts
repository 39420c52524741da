import { Database, NO_TENANT } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** Something of a tenant that has an id. */
export interface WorkOfTenant {
  readonly tenant: string;
  readonly id: string;
}

/**
 * What other servers still have to be asked for, of all tenants, after nobody has done it for a while; the oldest
 * first. Each in a unit of work of its own.
 */
@Injectable()
export class UnfinishedWork {
  constructor(private readonly database: Database) {}

  /** Attempts to pay whose outcome is open. Those that are open for long are found more seldom. */
  paymentAttempts(quietSeconds: number, limit: number): Promise<WorkOfTenant[]> {
    return this.#find('unfinished_payment_attempts', quietSeconds, limit);
  }

  /** Paid orders without a receipt. */
  receipts(quietSeconds: number, limit: number): Promise<WorkOfTenant[]> {
    return this.#find('orders_without_receipt', quietSeconds, limit);
  }

  /** Orders whose money has not gone back. */
  refunds(quietSeconds: number, limit: number): Promise<WorkOfTenant[]> {
    return this.#find('orders_to_refund', quietSeconds, limit);
  }

  #find(
    name: 'unfinished_payment_attempts' | 'orders_without_receipt' | 'orders_to_refund',
    quietSeconds: number,
    limit: number,
  ): Promise<WorkOfTenant[]> {
    return this.database.read({ tenant: NO_TENANT }, async () => {
      const { sql } = this.database;
      return sql<WorkOfTenant[]>`
        select tenant_id as tenant, id from ${sql(name)}(make_interval(secs => ${quietSeconds}), ${limit})`;
    });
  }
}

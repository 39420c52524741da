import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** The rows of `order_confirmations`, in the current unit of work. */
@Injectable()
export class ConfirmationStore {
  constructor(private readonly database: Database) {}

  /** Keeps what the customer is told of an order, once. */
  async keep(orderId: string, message: string): Promise<void> {
    await this.database.sql`
      insert into order_confirmations (order_id, message)
      values (${orderId}, ${message})
      on conflict (tenant_id, order_id) do nothing`;
  }
}

import { Schedule, type RunsOnSchedule } from '@gantry/jobs';
import { Log } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { OrderDesk } from '../desk/order-desk.ts';
import { OrderStore } from '../store/order.store.ts';

/** How many are looked for at once. */
const BATCH = 200;

/** Calls off orders that nobody has paid in time, so that others can have their stock. */
@Injectable()
@Schedule({ name: 'expire-reservations', cron: '* * * * *' })
export class ExpireReservations implements RunsOnSchedule {
  constructor(
    private readonly orders: OrderStore,
    private readonly desk: OrderDesk,
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    let found: number;
    let expired: number;
    do {
      const orders = await this.orders.expired(BATCH);
      found = orders.length;
      expired = 0;
      for (const { tenant, id } of orders) {
        signal.throwIfAborted();
        if (await this.#expire(tenant, id, signal)) expired += 1;
      }
      // With none of a full batch expired, the next one would be the same.
    } while (found === BATCH && expired > 0);
  }

  /** Each in a unit of work of its own: what is wrong with one order keeps no other's stock. */
  async #expire(tenant: string, id: string, signal: AbortSignal): Promise<boolean> {
    try {
      return await this.database.write({ tenant, signal }, () => this.desk.expire(tenant, id));
    } catch (error) {
      if (signal.aborted) throw error;
      this.log.error({ err: error, order: id }, 'An order could not be called off.');
      return false;
    }
  }
}

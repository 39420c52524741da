import { Config } from '@gantry/config';
import { defineRemoteServer, RemoteRefusal, RemoteServers, type RemoteServer } from '@gantry/mcp-client';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { OrderWithLines } from '../domain/order.ts';
import { ordersSettings } from '../orders.config.ts';
import type { RemoteErrand } from './payments-server.ts';
import { receiptOf, RECEIPTS } from './receipt.ts';

/** The server that keeps receipts. `records:admin`, for the collection has to be defined once. */
export const recordsServer = defineRemoteServer('records', { scopes: ['records:admin'] });

const record = z.object({ id: z.string().min(1).max(100) });

/** The records server, as this service uses it. */
@Injectable()
export class RecordsServer {
  readonly #server: RemoteServer;
  readonly #collection: string;

  constructor(servers: RemoteServers, config: Config) {
    this.#server = servers.get(recordsServer);
    this.#collection = config.get(ordersSettings).receiptsCollection;
  }

  /**
   * Writes the receipt of a paid order, once for the same key.
   *
   * @returns the id of its record
   */
  async writeReceipt(order: OrderWithLines, errand: RemoteErrand): Promise<string> {
    const key = `receipt-${order.id}`;
    try {
      return await this.#create(order, key, errand);
    } catch (error) {
      if (!isWithoutCollection(error)) throw error;
      await this.#server.call('define_collection', { name: this.#collection, ...RECEIPTS }, errand);
      // The server has kept its refusal for the first key.
      return this.#create(order, `${key}-defined`, errand);
    }
  }

  /** The record of the receipt of an order, if there is one. */
  async findReceipt(orderId: string, errand: RemoteErrand): Promise<string | undefined> {
    const args = {
      collection: this.#collection,
      filter: [{ field: 'order_id', op: 'eq', value: orderId }],
      fields: ['order_id'],
      limit: 1,
    };
    const output = z.object({ items: z.array(record) });
    try {
      const found = await this.#server.call('list_records', args, { ...errand, readOnly: true, output });
      return found.output.items[0]?.id;
    } catch (error) {
      if (isWithoutCollection(error)) return undefined;
      throw error;
    }
  }

  async #create(order: OrderWithLines, idempotencyKey: string, errand: RemoteErrand): Promise<string> {
    const args = {
      collection: this.#collection,
      document: receiptOf(order),
      idempotency_key: idempotencyKey,
    };
    const { output } = await this.#server.call('create_record', args, { ...errand, output: record });
    return output.id;
  }
}

function isWithoutCollection(error: unknown): boolean {
  return error instanceof RemoteRefusal && error.refusal.code === 'collection_not_found';
}

import type { Effect } from '@gantry/psp-simulator';
import type { Fleet } from '../fleet/fleet.ts';
import type { PatientClient } from '../load/patient-client.ts';

/** What all parts say when everything has come to rest, each in its own words. */
export interface World {
  readonly orders: readonly Item[];
  readonly products: readonly Item[];
  readonly payments: readonly Item[];
  readonly receipts: readonly Item[];
  /** Of the account that holds what was taken and not given back, in cents. */
  readonly ledgerBalance: bigint;
  /** What really happened at the payment provider. */
  readonly effects: readonly Effect[];
}

/** As a tool shows it. */
export type Item = Readonly<Record<string, unknown>>;

/** Who looks at each service. */
export interface Readers {
  readonly orders: PatientClient;
  readonly payments: PatientClient;
  readonly records: PatientClient;
}

/** Looks at everything, through the tools that anybody would use. */
export async function lookAtWorld({ simulator }: Fleet, readers: Readers): Promise<World> {
  return {
    orders: await all(readers.orders, 'list_orders'),
    products: await all(readers.orders, 'search_products'),
    payments: await all(readers.payments, 'list_payments'),
    receipts: await all(readers.records, 'list_records', { collection: 'receipts' }),
    ledgerBalance: await balanceOf(readers.payments),
    effects: simulator.effects(),
  };
}

async function all(reader: PatientClient, name: string, args: Record<string, unknown> = {}): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: unknown; ;) {
    const page = { limit: 100, ...(cursor !== undefined && { cursor }) };
    const { output, error } = await reader.call({ name, args: { ...args, ...page } });
    // Nobody has written a receipt yet: there is no collection.
    if (error?.code === 'collection_not_found') return [];
    if (error) throw new Error(`${name}: ${JSON.stringify(error)}`);
    items.push(...(output['items'] as Item[]));
    cursor = output['next_cursor'];
    if (cursor === undefined) return items;
  }
}

async function balanceOf(reader: PatientClient): Promise<bigint> {
  const args = { currency: 'EUR', account: 'merchant_balance' };
  const { output, error } = await reader.call({ name: 'get_balance', args });
  if (error) throw new Error(JSON.stringify(error));
  const [account] = output['balances'] as { balance: string }[];
  return BigInt(account?.balance ?? 0);
}

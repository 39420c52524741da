import type { ServiceName } from '../fleet/fleet.ts';
import { plantOrders } from './orders.ts';
import { plantPayments } from './payments.ts';
import type { HonestClient, Plants } from './plant.ts';
import { plantRecords } from './records.ts';

type Plant = (attacker: HonestClient, colleague: HonestClient, victim: HonestClient) => Promise<Plants>;

/** What is put into each service before it is attacked. */
export const PLANTS: Readonly<Record<ServiceName, Plant>> = {
  records: plantRecords,
  payments: plantPayments,
  orders: plantOrders,
};

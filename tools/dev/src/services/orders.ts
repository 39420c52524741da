import { join } from 'node:path';
import { seedOrders } from '../seed-orders.ts';
import { ROOT, type ServiceEntry } from '../service-entry.ts';
import { PAYMENTS } from './payments.ts';
import { RECORDS } from './records.ts';

export const ORDERS: ServiceEntry = {
  name: 'orders',
  tsconfig: 'apps/orders/tsconfig.lib.json',
  portOffset: 3,
  program: join(ROOT, 'apps/orders/dist/main.js'),
  scopes: ['orders:read', 'orders:write', 'orders:admin', 'orders:pricing'],
  calls: [
    { service: PAYMENTS, scopes: ['payments:write'] },
    { service: RECORDS, scopes: ['records:admin'] },
  ],
  seed: seedOrders,
  firstCall: {
    tool: 'search_products',
    args: { text: 'coffee', in_stock: true, fields: ['name', 'unit_price', 'currency', 'available'] },
  },
};

import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Alert } from './alerts/alert.ts';
import { orderAlerts } from './alerts/orders.ts';
import { paymentAlerts } from './alerts/payments.ts';
import { overdueOrders, overduePayments } from './dashboards/overdue.ts';
import type { Panel } from './dashboards/panel.ts';

/** What dashboards and alert rules have to know of a service. */
export interface Service {
  /** Of its folder in apps; `job` of its metrics. */
  readonly name: string;
  /** Calls that take longer are slow. A bucket of `mcp_request_duration_seconds`. */
  readonly slowSeconds: SlowSeconds;
  /** What it calls: `dependency` of its metrics. */
  readonly dependencies: readonly string[];
  /** Does it keep copies in Redis? */
  readonly caches: boolean;
  /** Beyond those that all services have. */
  readonly alerts: readonly Alert[];
  readonly panels: readonly Panel[];
}

/** No whole numbers: Prometheus 3 writes those differently (`1.0`) from what it is given (`1`). */
export type SlowSeconds = 0.5 | 2.5;

/** What is special about a service. One that is not here is one of its own database alone. */
const SPECIAL: Readonly<Record<string, Partial<Service>>> = {
  records: { caches: true },
  payments: {
    slowSeconds: 2.5,
    dependencies: ['psp'],
    alerts: paymentAlerts,
    panels: [overduePayments],
  },
  orders: {
    slowSeconds: 2.5,
    dependencies: ['payments', 'records'],
    caches: true,
    alerts: orderAlerts,
    panels: [overdueOrders],
  },
};

/** All services of the repository. */
export function servicesIn(apps: URL): Service[] {
  return globSync('*/package.json', { cwd: fileURLToPath(apps) })
    .map(dirname)
    .sort()
    .map((name) => ({
      name,
      slowSeconds: 0.5 as const,
      dependencies: [],
      caches: false,
      alerts: [],
      panels: [],
      ...SPECIAL[name],
    }));
}

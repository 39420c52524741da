import { Counter, Gauge, type Registry } from 'prom-client';

/** What is measured of the relay between replicas. */
export interface RelayMetrics {
  readonly failures: Counter;
}

/** Registers the metrics of the relay; there are none without Redis. */
export function measureRelay(registry: Registry, isConnected: () => boolean): RelayMetrics {
  const registers = [registry];
  new Gauge({
    name: 'mcp_change_relay_connected',
    help: '1 while listeners on this replica hear of changes made on others.',
    registers,
    collect() {
      this.set(isConnected() ? 1 : 0);
    },
  });
  return {
    failures: new Counter({
      name: 'mcp_change_relay_failures_total',
      help: 'Changes that the other replicas were not told of when they happened.',
      registers,
    }),
  };
}

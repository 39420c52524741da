import { Gauge, type Registry } from 'prom-client';
import type { PoolState } from './pool.ts';

/** Measures a pool whenever metrics are collected. */
export function measurePool(registry: Registry, state: () => PoolState): void {
  gauge('mcp_database_pool_size', 'Connections the pool may open.', () => state().size);
  gauge('mcp_database_pool_open', 'Connections that are open.', () => state().open);
  gauge('mcp_database_pool_in_use', 'Connections that a unit of work is using.', () => state().inUse);
  gauge('mcp_database_pool_waiting', 'Units of work that wait for a connection.', () => state().waiting);

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  }
}

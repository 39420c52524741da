import { Gauge } from 'prom-client';
import type { HealthRegistry } from './health.registry.ts';
import type { Metrics } from './metrics.ts';

/**
 * Registers what the health endpoints say. Without it nobody would hear of a service all of whose replicas are unready:
 * it gets no calls, so none fail.
 */
export function measureHealth({ registry }: Metrics, health: HealthRegistry): void {
  const registers = [registry];
  new Gauge({
    name: 'mcp_ready',
    help: 'What /health/ready says: 1 if calls may be sent here, else 0.',
    registers,
    async collect() {
      this.set((await health.report()).status === 'ok' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'mcp_health_check_up',
    help: 'Health checks of this process: 1 if up, 0 if down.',
    labelNames: ['check'],
    registers,
    async collect() {
      const { dependencies } = await health.report();
      for (const [check, { status }] of Object.entries(dependencies))
        this.set({ check }, status === 'up' ? 1 : 0);
    },
  });
}

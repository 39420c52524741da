import { Counter, Gauge, type Registry } from 'prom-client';

/** Measures how often, and whether now, limits hold for this replica alone although there is a Redis. */
export function measureFallback(registry: Registry, isFallingBack: () => boolean): Counter {
  const registers = [registry];
  new Gauge({
    name: 'mcp_rate_limit_fallback',
    help: '1 while rate limits hold for this replica alone because Redis is away; absent if the service has no Redis.',
    registers,
    collect() {
      this.set(isFallingBack() ? 1 : 0);
    },
  });
  return new Counter({
    name: 'mcp_rate_limit_fallback_total',
    help: 'Calls that were counted in this replica alone because Redis was away.',
    registers,
  });
}

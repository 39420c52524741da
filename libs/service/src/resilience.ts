import type { HealthRegistry, Log, Metrics } from '@gantry/observability';
import { Resilience, type ResilienceOptions } from '@gantry/resilience';

/** The process's {@link Resilience}: breakers that change are logged, and `/health` shows how all of them are. */
export function watchedResilience({ registry }: Metrics, health: HealthRegistry, log: Log): Resilience {
  const onBreakerChange: ResilienceOptions['onBreakerChange'] = (dependency, breaker) =>
    log.warn({ dependency, breaker }, 'circuit breaker changed');
  const resilience = new Resilience({ registry, onBreakerChange });
  // Always up: while another service is away, this one can still say so to its callers.
  health.register('breakers', async () => resilience.state(), { critical: false });
  return resilience;
}

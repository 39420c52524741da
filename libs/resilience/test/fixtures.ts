import { Registry } from 'prom-client';
import type { Dependency } from '../src/dependency.ts';
import type { DependencyOptions } from '../src/options.ts';
import { Resilience } from '../src/resilience.ts';

/** A dependency of its own, and what an operator would see of it. */
export function dependencyWith(options: DependencyOptions = {}): {
  dependency: Dependency;
  metrics: () => Promise<string>;
} {
  const registry = new Registry();
  const dependency = new Resilience({ registry }).dependency('payments', {
    backoff: { firstMs: 1, maxMs: 4 },
    ...options,
  });
  return { dependency, metrics: () => registry.metrics() };
}

/** An error as Node throws it. */
export function networkError(code = 'ECONNREFUSED'): Error {
  return Object.assign(new Error(`connect ${code} 10.0.0.7:443`), { code });
}

/** Work that never ends, whatever its signal says. */
export function hang(): Promise<never> {
  return new Promise(() => {});
}

/** Lets everything happen that can happen without time passing. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export type { BreakerState } from './breaker.ts';
export { BulkheadStage } from './bulkhead.stage.ts';
export { Dependency, type Attempt, type CallOptions, type DependencyState } from './dependency.ts';
export { isTransient } from './failures.ts';
export type { BreakerTrigger, DependencyOptions } from './options.ts';
export { Resilience, type ResilienceOptions } from './resilience.ts';

import { Counter, type Registry } from 'prom-client';

/**
 * Answered with a copy; loaded and kept; loaded because a copy was not wanted, or was being changed; loaded because
 * Redis was away.
 */
export type ReadResult = 'hit' | 'miss' | 'bypass' | 'unavailable';

/** Registers how useful the cache is, and whether changes reach it. */
export function measureCache(registry: Registry) {
  const registers = [registry];
  const reads = new Counter<'result'>({
    name: 'mcp_cache_requests_total',
    help: 'Reads through the cache: hit, miss, bypass (not cached now) or unavailable (Redis was away); absent if the service has no Redis.',
    labelNames: ['result'],
    registers,
  });
  const invalidations = new Counter<'result'>({
    name: 'mcp_cache_invalidations_total',
    help: 'Committed changes that Redis was told of: ok, or failed (everything cached is dropped as soon as Redis is there).',
    labelNames: ['result'],
    registers,
  });
  const results: ReadResult[] = ['hit', 'miss', 'bypass', 'unavailable'];
  for (const result of results) reads.inc({ result }, 0);
  for (const result of ['ok', 'failed']) invalidations.inc({ result }, 0);
  return {
    read: (result: ReadResult) => reads.inc({ result }),
    invalidated: (result: 'ok' | 'failed') => invalidations.inc({ result }),
  };
}

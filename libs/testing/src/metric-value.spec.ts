import { describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { metricValue } from './metric-value.ts';

const registry = new Registry();
const calls = new Counter({
  name: 'calls_total',
  help: 'Calls.',
  labelNames: ['tool', 'status'],
  registers: [registry],
});
calls.inc({ tool: 'get_order', status: 'ok' }, 3);
calls.inc({ tool: 'list_orders', status: 'ok' }, 5);

describe('metricValue', () => {
  it.each([
    [{}, 3],
    [{ status: 'ok' }, 3],
    [{ tool: 'list_orders', status: 'ok' }, 5],
    [{ tool: 'list_orders', status: 'timeout' }, undefined],
    [{ colour: 'red' }, undefined],
  ])('with %j is %p', async (labels, value) => {
    expect(await metricValue(registry, 'calls_total', labels)).toBe(value);
  });

  it('is undefined if there is no such metric', async () => {
    expect(await metricValue(registry, 'no_total')).toBeUndefined();
  });
});

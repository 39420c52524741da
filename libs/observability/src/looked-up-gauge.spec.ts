import { describe, expect, it } from '@jest/globals';
import { recordingLog } from '../test/fixtures.ts';
import { registerLookedUpGauge } from './looked-up-gauge.ts';
import { Metrics } from './metrics.ts';

function registered() {
  const metrics = new Metrics();
  const { log, lines } = recordingLog();
  const source = { answer: async (): Promise<[string, number][]> => [] };
  registerLookedUpGauge(metrics, log, {
    name: 'mcp_overdue_work',
    help: 'Work.',
    label: 'kind',
    lookUp: () => source.answer(),
  });
  const text = async () => (await metrics.registry.metrics()).match(/^mcp_overdue_work.*$/gm) ?? [];
  return { source, text, lines, metrics };
}

describe('a gauge that is looked up', () => {
  it('shows what is so at the moment of the scrape, and no more what has gone', async () => {
    const { source, text } = registered();
    source.answer = async () => [
      ['refund', 3],
      ['receipt', 1],
    ];
    expect(await text()).toEqual(['mcp_overdue_work{kind="refund"} 3', 'mcp_overdue_work{kind="receipt"} 1']);
    source.answer = async () => [['refund', 2]];
    expect(await text()).toEqual(['mcp_overdue_work{kind="refund"} 2']);
  });

  it('shows nothing while it cannot be looked up, leaves the other metrics alone and says so once', async () => {
    const { source, text, lines, metrics } = registered();
    source.answer = async () => [['refund', 3]];
    await text();
    source.answer = () => Promise.reject(new Error('no database'));
    expect(await text()).toEqual([]);
    expect(await metrics.registry.metrics()).toContain('process_cpu_seconds_total');
    const warnings = () => lines().filter(({ level }) => level === 'warn');
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toMatchObject({ metric: 'mcp_overdue_work', err: { message: 'no database' } });
    source.answer = async () => [['refund', 3]];
    expect(await text()).toHaveLength(1);
    source.answer = () => Promise.reject(new Error('no database'));
    await text();
    expect(warnings()).toHaveLength(2);
  });
});

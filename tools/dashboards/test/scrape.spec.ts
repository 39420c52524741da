import { describe, expect, it } from '@jest/globals';
import { groupingOf, selectorsOf } from './promql.ts';
import { scrapeOf, unknownIn } from './scrape.ts';

const scrape = scrapeOf(`# HELP jobs_total Jobs.
jobs_total{queue="a",outcome="dead"} 0
jobs_total{queue="b",outcome="retried"} 3
ready 1
`);

describe('the check of expressions', () => {
  it('finds metrics, matchers and groups', () => {
    const expr =
      'sum by (queue) (rate(jobs_total{outcome=~"dead|retried",queue!="a"}[5m])) / on (queue) ready > 0.5';
    expect(selectorsOf(expr)).toEqual([
      {
        metric: 'jobs_total',
        matchers: [
          { label: 'outcome', operator: '=~', value: 'dead|retried' },
          { label: 'queue', operator: '!=', value: 'a' },
        ],
      },
      { metric: 'ready', matchers: [] },
    ]);
    expect(groupingOf(expr)).toEqual(['queue', 'queue']);
  });

  it.each([
    ['sum by (namespace, job, queue) (rate(jobs_total{job="x",outcome="dead"}[5m]))', []],
    ['jobs_total{queue=~"[ab]"} and ready', []],
    ['job_total', ['job_total is not exported']],
    ['jobs_total{tool="x"}', ['jobs_total has no label tool']],
    ['jobs_total{outcome!~"dead|retired"}', ['jobs_total never has outcome="retired", only dead, retried']],
    ['sum by (tool) (jobs_total)', ['nothing in sum by (tool) (jobs_total) has the label tool']],
  ])('of %s', (expr, problems) => {
    expect(unknownIn(expr, scrape)).toEqual(problems);
  });
});

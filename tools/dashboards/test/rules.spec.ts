import { readdirSync, readFileSync } from 'node:fs';
import { SHARED_ERRORS } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { FAILED } from '../src/alerts/objectives.ts';
import { groupingOf } from './promql.ts';
import { hasPromtool, promtool } from './promtool.ts';
import { linesOf } from './runbooks.ts';
import { alerts, dashboards, observability, queriesOf, rulesOf, services } from './repository.ts';

const withPromtool = hasPromtool() ? describe : describe.skip;
const folder = new URL('./alerts/', import.meta.url);

const rulesFile = (service: string) => readFileSync(new URL(`alerts/${service}.yaml`, observability), 'utf8');

/** Of those that differ by the name of their service alone, one. */
const different = [
  ...new Map(alerts.map((alert) => [alert.alert + alert.expr.replaceAll(alert.service, ''), alert])).values(),
];

interface UnitTests {
  readonly tests: readonly {
    readonly promql_expr_test: readonly { readonly expr: string; readonly exp_samples: readonly unknown[] }[];
  }[];
}

describe('an alert', () => {
  it.each(alerts)(
    'of $service, $alert, says what is needed of it',
    ({ service, labels, annotations, runbook }) => {
      expect(labels).toEqual({ severity: expect.stringMatching(/^(critical|ticket)$/), service });
      expect(annotations).toEqual({
        summary: expect.stringMatching(/^.{10,80}$/),
        description: expect.stringMatching(/\.$/),
        runbook_url: `https://github.com/gantry-mcp/gantry/blob/main/docs/runbooks/${runbook}.md`,
      });
    },
  );

  it.each(alerts)(
    'of $service, $alert, is for the service alone and tells namespaces apart',
    ({ service, expr }) => {
      // Nothing is counted over several services, and what is up in one namespace does not hide what is down in another.
      for (const [, matchers] of expr.matchAll(/\{([^}]*)\}/g))
        expect(matchers).toContain(`job="${service}"`);
      if (expr.includes(' by '))
        expect(groupingOf(expr)).toEqual(expect.arrayContaining(['namespace', 'job']));
    },
  );

  it.each(alerts)('of $service, $alert, speaks only of labels that it has', ({ expr, annotations }) => {
    const known = ['job', ...groupingOf(expr)];
    for (const text of Object.values(annotations))
      for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) expect(known).toContain(label);
  });

  it('of failed calls counts every error that is the fault of the service', () => {
    const codes = Object.entries(SHARED_ERRORS).filter(([, { category }]) => category === 'server_error');
    expect(FAILED.split('|').sort()).toEqual(codes.map(([code]) => code).sort());
  });

  it('has tests of when it fires and when it does not, and no test is of none', () => {
    const tested = readdirSync(folder).map((file) => file.replace('.yaml', ''));
    expect(tested.sort()).toEqual([...new Set(alerts.map(({ runbook }) => runbook))].sort());
    for (const file of readdirSync(folder)) {
      const { tests } = parse(readFileSync(new URL(file, folder), 'utf8')) as UnitTests;
      const checks = tests.flatMap(({ promql_expr_test }) => promql_expr_test);
      for (const { expr } of checks) expect(expr).toContain(`alertstate="firing"`);
      const outcomes = checks.map(({ exp_samples }) => exp_samples.length > 0);
      expect({ file, outcomes: [...new Set(outcomes)].sort() }).toEqual({ file, outcomes: [false, true] });
    }
  });
});

withPromtool('promtool (see GANTRY_PROMTOOL if it is skipped)', () => {
  it.each(services)('finds the rules of $name right', ({ name }) => {
    const said = promtool(['check', 'rules'], { 'rules.yaml': rulesFile(name) });
    expect(said).toContain(`SUCCESS: ${rulesOf(name).length} rules found`);
  });

  it.each(different)(
    'sees $alert of $service fire when it should, and only then',
    ({ service, alert, runbook }) => {
      const tests = readFileSync(new URL(`${runbook}.yaml`, folder), 'utf8').replaceAll('SERVICE', service);
      expect(tests).toContain(alert);
      const said = promtool(['test', 'rules'], { 'tests.yaml': tests, 'rules.yaml': rulesFile(service) });
      expect(said).toContain('SUCCESS');
    },
  );

  it.each([...dashboards])('can read every expression of the dashboard %s', (_, dashboard) => {
    const rules = queriesOf(dashboard).map(({ expr }, index) => ({ record: `panel:${index}`, expr }));
    const file = stringify({ groups: [{ name: 'panels', rules }] });
    expect(promtool(['check', 'rules'], { 'rules.yaml': file })).toContain(`${rules.length} rules found`);
  });

  it('can read every expression of the runbooks', () => {
    const rules = linesOf('promql').map(({ line }, index) => ({ record: `runbooks:${index}`, expr: line }));
    const file = stringify({ groups: [{ name: 'runbooks', rules }] });
    expect(promtool(['check', 'rules'], { 'rules.yaml': file })).toContain(`${rules.length} rules found`);
  });

  it('takes the settings that the README shows', () => {
    const readme = readFileSync(new URL('README.md', observability), 'utf8');
    const [, settings] = /```yaml\n(rule_files[\s\S]*?)```/.exec(readme)!;
    expect(promtool(['check', 'config'], { 'prometheus.yml': settings! })).toContain('SUCCESS');
  });
});

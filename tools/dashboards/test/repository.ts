import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { runbookOf, type Rule } from '../src/alerts/alert.ts';
import type { RuleFile } from '../src/alerts/rule-file.ts';
import { servicesIn } from '../src/services.ts';

export const root = new URL('../../../', import.meta.url);
export const observability = new URL('deploy/observability/', root);

export const services = servicesIn(new URL('apps/', root));

/** An alert of a service, as its file has it. */
export interface AlertRule {
  readonly service: string;
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly runbook: string;
}

/** The rules of a service. */
export function rulesOf(service: string): readonly Rule[] {
  const file = parse(readFileSync(new URL(`alerts/${service}.yaml`, observability), 'utf8')) as RuleFile;
  return file.groups.flatMap(({ rules }) => rules);
}

/** All alerts of all services. */
export const alerts: readonly AlertRule[] = services.flatMap(({ name: service }) =>
  rulesOf(service).flatMap((rule) =>
    'alert' in rule ? [{ service, runbook: runbookOf(rule.alert), ...rule }] : [],
  ),
);

/** A panel, with what the tests look at. */
export interface DrawnPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat?: string;
    readonly datasource: { readonly uid: string };
  }[];
}

/** A dashboard, with what the tests look at. */
export interface DrawnDashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly DrawnPanel[];
}

/** All dashboards, by the name of their file. */
export const dashboards = new Map(
  readdirSync(new URL('dashboards/', observability)).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(new URL(`dashboards/${file}`, observability), 'utf8')) as DrawnDashboard,
  ]),
);

/** What a dashboard asks Prometheus, as Grafana sends it when nothing is chosen. */
export function queriesOf(dashboard: DrawnDashboard): { title: string; expr: string; legend: string }[] {
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat = '' }) => ({
      title,
      expr: expr.replaceAll(/\$(namespace|instance)\b/g, '.*').replaceAll('$__rate_interval', '2m'),
      legend: legendFormat,
    })),
  );
}

import { stringify } from 'yaml';
import type { Service } from '../services.ts';
import { ruleOf, type Rule } from './alert.ts';
import { commonAlerts } from './common.ts';
import { recordings } from './objectives.ts';

const HEADER = ` Made by tools/dashboards. Do not edit: change the templates there and run \`make dashboards\`.\n`;

/** A file of Prometheus rules. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** The rules of a service. */
export function rulesFor(service: Service): RuleFile {
  const alerts = [...commonAlerts(service), ...service.alerts];
  const bound = (rules: readonly Rule[]) =>
    rules.map((rule) => ({ ...rule, expr: rule.expr.replaceAll('SELF', `job="${service.name}"`) }));
  return {
    groups: [
      { name: `gantry.${service.name}.objectives`, rules: bound(recordings(service.slowSeconds)) },
      {
        name: `gantry.${service.name}.alerts`,
        rules: bound(alerts.map((alert) => ruleOf(service.name, alert))),
      },
    ],
  };
}

/** As YAML, which Prometheus reads as it is and a PrometheusRule takes as its `spec`. */
export function ruleFileText(rules: RuleFile): string {
  return `#${HEADER}${stringify(rules, { lineWidth: 0, singleQuote: true })}`;
}

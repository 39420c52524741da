/** An alert as it is written: what every rule has in common is added when rules are made of it. */
export interface Alert {
  readonly name: string;
  /** PromQL. `SELF` is the matcher of the service: `job="orders"`. */
  readonly expr: string;
  readonly for: string;
  /** Wakes somebody, or can wait for the morning. */
  readonly severity: 'critical' | 'ticket';
  readonly summary: string;
  readonly description: string;
}

/** One entry of a group of rules, as Prometheus reads it. */
export type Rule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

const RUNBOOKS = 'https://github.com/gantry-mcp/gantry/blob/main/docs/runbooks';

/** Name of the page about an alert: `ServiceDown` → `service-down`. */
export function runbookOf(alert: string): string {
  return alert.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** The rule of an alert for one service. */
export function ruleOf(service: string, alert: Alert): Rule {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: alert.for,
    labels: { severity: alert.severity, service },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${RUNBOOKS}/${runbookOf(alert.name)}.md`,
    },
  };
}

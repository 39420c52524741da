import { ruleFileText, rulesFor } from './alerts/rule-file.ts';
import { dashboardJson, type Dashboard } from './dashboards/dashboard.ts';
import { fleetDashboard } from './dashboards/fleet-dashboard.ts';
import { serviceDashboard } from './dashboards/service-dashboard.ts';
import type { Service } from './services.ts';

/** Everything that is made, by path under deploy/observability. */
export function assetsFor(services: readonly Service[]): Map<string, string> {
  const dashboards = [fleetDashboard(services), ...services.map(serviceDashboard)];
  return new Map([
    ...dashboards.map((dashboard) => [`dashboards/${fileOf(dashboard)}`, textOf(dashboard)] as const),
    ...services.map((service) => [`alerts/${service.name}.yaml`, ruleFileText(rulesFor(service))] as const),
  ]);
}

const fileOf = ({ uid }: Dashboard) => `${uid.replace('gantry-', '')}.json`;

/** A list of one stands on one line, as in all files of the repository. */
function textOf(dashboard: Dashboard): string {
  const text = JSON.stringify(dashboardJson(dashboard), undefined, 2);
  return `${text.replaceAll(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`;
}

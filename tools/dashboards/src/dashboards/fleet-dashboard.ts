import type { Service } from '../services.ts';
import { bound } from './service-dashboard.ts';
import type { Dashboard } from './dashboard.ts';
import { curves, type Panel } from './panel.ts';

/** All services side by side: where to look first. */
export function fleetDashboard(services: readonly Service[]): Dashboard {
  const names = services.map(({ name }) => name).join('|');
  const self = `job=~"${names}",namespace=~"$namespace"`;
  return {
    uid: 'gantry-fleet',
    title: 'Gantry / fleet',
    description: 'All services at a glance. Made by tools/dashboards.',
    choices: [
      { name: 'namespace', label: 'Namespace', query: `label_values(up{job=~"${names}"}, namespace)` },
    ],
    sections: bound(
      [
        { title: 'Now', panels: [overview, firing(names)] },
        { title: 'Tool calls', panels: calls },
        { title: 'What they stand on', panels: ground },
      ],
      self,
    ),
  };
}

const by = (expr: string) => ({ expr: `sum by (job) (${expr})`, legend: '{{job}}' });
const worst = (expr: string) => ({ expr: `max by (job) (${expr})`, legend: '{{job}}' });

const column = (name: string, properties: Record<string, unknown> = {}) => ({
  matcher: { id: 'byName', options: name },
  properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
});

const overview: Panel = {
  kind: 'table',
  title: 'Services',
  description: 'Follow the name of a service to its dashboard.',
  unit: 'short',
  width: 14,
  queries: [
    { expr: 'sum by (job) (up{SELF})' },
    { expr: 'sum by (job) (mcp_ready{SELF})' },
    { expr: 'sum by (job) (rate(mcp_requests_total{SELF}[5m]))' },
    { expr: 'max by (job) (job:mcp_requests_failed:ratio_rate1h{SELF})' },
    { expr: 'max by (job) (job:mcp_requests_failed:ratio_rate1d{SELF})' },
    { expr: 'max by (job) (job:mcp_requests_slow:ratio_rate1h{SELF})' },
  ],
  special: {
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: {},
          renameByName: {
            job: 'Service',
            'Value #A': 'Replicas',
            'Value #B': 'Ready',
            'Value #C': 'Calls/s',
            'Value #D': 'Failed, 1 h',
            'Value #E': 'Failed, 1 d',
            'Value #F': 'Slow, 1 h',
          },
        },
      },
    ],
    fieldConfig: {
      defaults: { unit: 'short' },
      overrides: [
        column('Service', {
          links: [{ title: 'Dashboard', url: '/d/gantry-${__value.text}?${__url_time_range}' }],
        }),
        column('Calls/s', { unit: 'reqps', decimals: 1 }),
        ...['Failed, 1 h', 'Failed, 1 d', 'Slow, 1 h'].map((name) =>
          column(name, { unit: 'percentunit', decimals: 2 }),
        ),
      ],
    },
  },
};

const firing = (names: string): Panel => ({
  kind: 'table',
  title: 'Firing alerts',
  description: 'Each has a page in docs/runbooks.',
  unit: 'short',
  width: 10,
  queries: [
    { expr: `sum by (service, severity, alertname) (ALERTS{alertstate="firing",service=~"${names}"})` },
  ],
  special: {
    transformations: [
      {
        id: 'organize',
        options: { excludeByName: { Time: true, Value: true }, indexByName: {}, renameByName: {} },
      },
    ],
  },
});

const calls: Panel[] = [
  curves('Calls', 'reqps', 'Tool calls a second.', [by('rate(mcp_requests_total{SELF}[$__rate_interval])')]),
  curves('Failed', 'percentunit', 'Share of calls that failed for a reason of the service.', [
    worst('job:mcp_requests_failed:ratio_rate5m{SELF}'),
  ]),
  curves('Duration, p95', 's', 'Of all tool calls of a service together.', [
    {
      expr: 'histogram_quantile(0.95, sum by (job, le) (rate(mcp_request_duration_seconds_bucket{SELF}[$__rate_interval])))',
      legend: '{{job}}',
    },
  ]),
];

const ground: Panel[] = [
  curves('Open breakers', 'short', 'Replicas that refuse calls of another service at once.', [
    {
      expr: 'sum by (job, dependency) (mcp_dependency_breaker_state{SELF,state="open"})',
      legend: '{{job}} → {{dependency}}',
    },
  ]),
  curves('Longest wait in a queue', 's', 'How long the next job has been due.', [
    worst('mcp_job_queue_wait_seconds{SELF,queue!~".+[.]dead"}'),
  ]),
  curves('Overdue work', 'short', 'What neither calls nor jobs have brought to an end. Should be zero.', [
    { expr: 'max by (job, kind) (mcp_overdue_work{SELF})', legend: '{{job}} {{kind}}' },
  ]),
  curves('Database connections in use', 'percentunit', 'Of those that the pools may open.', [
    {
      expr: 'sum by (job) (mcp_database_pool_in_use{SELF}) / sum by (job) (mcp_database_pool_size{SELF})',
      legend: '{{job}}',
    },
  ]),
  curves('CPU', 'percentunit', 'Cores in use.', [
    by('rate(process_cpu_seconds_total{SELF}[$__rate_interval])'),
  ]),
  curves('Memory', 'bytes', 'Resident memory of all replicas.', [by('process_resident_memory_bytes{SELF}')]),
];

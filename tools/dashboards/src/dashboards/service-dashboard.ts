import { FAILED } from '../alerts/objectives.ts';
import type { Service } from '../services.ts';
import type { Dashboard, Section } from './dashboard.ts';
import { curves, number, type Panel } from './panel.ts';

/** The dashboard of a service: the same for all, with what is special to it. */
export function serviceDashboard(service: Service): Dashboard {
  const { name, dependencies, caches, panels } = service;
  const self = `job="${name}",namespace=~"$namespace",instance=~"$instance"`;
  const sections: Section[] = [
    { title: 'Now', panels: now(service) },
    { title: 'Tool calls', panels: toolCalls },
    ...(dependencies.length > 0 ? [{ title: 'Services it calls', panels: calledServices }] : []),
    { title: 'Work behind the calls', panels: [...panels, ...work] },
    { title: 'Who may call', panels: access },
    { title: 'Database and Redis', panels: caches ? [...stores, cache] : stores },
    { title: 'Process', panels: processPanels },
  ];
  return {
    uid: `gantry-${name}`,
    title: `Gantry / ${name}`,
    description: `The ${name} service. Made by tools/dashboards.`,
    choices: [
      { name: 'namespace', label: 'Namespace', query: `label_values(up{job="${name}"}, namespace)` },
      {
        name: 'instance',
        label: 'Replica',
        query: `label_values(up{job="${name}",namespace=~"$namespace"}, instance)`,
      },
    ],
    sections: bound(sections, self),
  };
}

/** Replaces `SELF` by the matchers of a service. */
export function bound(sections: readonly Section[], self: string): Section[] {
  return sections.map(({ title, panels }) => ({
    title,
    panels: panels.map((panel) => ({
      ...panel,
      queries: panel.queries.map((query) => ({ ...query, expr: query.expr.replaceAll('SELF', self) })),
    })),
  }));
}

const rate = (counter: string) => `rate(${counter}[$__rate_interval])`;

const quantile = (q: number, histogram: string, by = '') =>
  `histogram_quantile(${q}, sum by (${by}le) (${rate(`${histogram}_bucket{SELF}`)}))`;

// Recorded rules know no replicas.
const recorded = (name: string, service: string) => `max(${name}{job="${service}",namespace=~"$namespace"})`;

const now = ({ name, slowSeconds }: Service): Panel[] => [
  number('Ready replicas', 'short', 'Replicas that take calls.', 'sum(mcp_ready{SELF})'),
  number(
    'Calls',
    'reqps',
    'Tool calls a second, refusals included.',
    `sum(${rate('mcp_requests_total{SELF}')})`,
  ),
  number(
    'Failed, 1 h',
    'percentunit',
    'Share of calls that failed for a reason of the service. It promises less than 0.1 %.',
    recorded('job:mcp_requests_failed:ratio_rate1h', name),
    { thresholds: [0.001, 0.0144] },
  ),
  number(
    'Failed, 1 d',
    'percentunit',
    'Share of calls that failed for a reason of the service. It promises less than 0.1 %.',
    recorded('job:mcp_requests_failed:ratio_rate1d', name),
    { thresholds: [0.001, 0.003] },
  ),
  number(
    'Slow, 1 h',
    'percentunit',
    `Share of calls that took longer than ${slowSeconds} s.`,
    recorded('job:mcp_requests_slow:ratio_rate1h', name),
    { thresholds: [0.01, 0.05] },
  ),
  number('Running', 'short', 'Tool calls that are running.', 'sum(mcp_active_requests{SELF})'),
];

const toolCalls: Panel[] = [
  curves('Calls by tool', 'reqps', 'Tool calls a second, refusals included.', [
    { expr: `sum by (tool) (${rate('mcp_requests_total{SELF}')})`, legend: '{{tool}}' },
  ]),
  curves(
    'Failed calls',
    'reqps',
    'Calls that failed for a reason of the service. The log has their cause under the error_id.',
    [
      {
        expr: `sum by (tool, status) (${rate(`mcp_requests_total{SELF,status=~"${FAILED}"}`)}) > 0`,
        legend: '{{tool}} {{status}}',
      },
    ],
  ),
  curves('Refused calls', 'reqps', 'Calls that were answered with a no, by its code.', [
    {
      expr: `sum by (status) (${rate(`mcp_requests_total{SELF,status!~"ok|${FAILED}"}`)})`,
      legend: '{{status}}',
    },
  ]),
  curves('Duration', 's', 'Of all tool calls together.', [
    { expr: quantile(0.5, 'mcp_request_duration_seconds'), legend: 'p50' },
    { expr: quantile(0.95, 'mcp_request_duration_seconds'), legend: 'p95' },
    { expr: quantile(0.99, 'mcp_request_duration_seconds'), legend: 'p99' },
  ]),
  curves('Duration by tool, p95', 's', 'Which tool is slow.', [
    { expr: quantile(0.95, 'mcp_request_duration_seconds', 'tool, '), legend: '{{tool}}' },
  ]),
  curves('Running calls by tool', 'short', 'A line that only climbs is a tool that hangs.', [
    { expr: 'sum by (tool) (mcp_active_requests{SELF})', legend: '{{tool}}' },
  ]),
];

const calledServices: Panel[] = [
  curves('Outcomes', 'reqps', 'Calls of other services by how they ended.', [
    {
      expr: `sum by (dependency, outcome) (${rate('mcp_dependency_requests_total{SELF}')})`,
      legend: '{{dependency}} {{outcome}}',
    },
  ]),
  curves('Duration, p95', 's', 'With retries, without calls that were refused at once.', [
    {
      expr: quantile(0.95, 'mcp_dependency_request_duration_seconds', 'dependency, '),
      legend: '{{dependency}}',
    },
  ]),
  curves('Open breakers', 'short', 'Replicas that refuse calls of a service at once, because it is down.', [
    {
      expr: 'sum by (dependency) (mcp_dependency_breaker_state{SELF,state="open"})',
      legend: '{{dependency}}',
    },
  ]),
  curves('Retries', 'reqps', 'Attempts after the first, and those that the retry budget did not allow.', [
    { expr: `sum by (dependency) (${rate('mcp_dependency_retries_total{SELF}')})`, legend: '{{dependency}}' },
    {
      expr: `sum by (dependency) (${rate('mcp_dependency_retry_budget_exhausted_total{SELF}')})`,
      legend: '{{dependency}} not allowed',
    },
  ]),
  curves('Attempts at once', 'short', 'Attempts that run, and those that wait for a place.', [
    { expr: 'sum by (dependency) (mcp_dependency_bulkhead_in_use{SELF})', legend: '{{dependency}}' },
    { expr: 'sum by (dependency) (mcp_dependency_bulkhead_queued{SELF})', legend: '{{dependency}} waiting' },
  ]),
];

const work: Panel[] = [
  curves('Jobs', 'ops', 'Attempts at jobs by outcome.', [
    {
      expr: `sum by (queue, outcome) (${rate('mcp_jobs_total{SELF}')}) > 0`,
      legend: '{{queue}} {{outcome}}',
    },
  ]),
  curves(
    'Longest wait in a queue',
    's',
    'How long the next job has been due. Queues of dead jobs are left out.',
    [
      {
        expr: 'max by (queue) (mcp_job_queue_wait_seconds{SELF,queue!~".+[.]dead"}) > 0',
        legend: '{{queue}}',
      },
    ],
  ),
  curves('Jobs that wait', 'short', 'Jobs that are due, and dead ones.', [
    { expr: 'max by (queue) (mcp_job_queue_ready{SELF}) > 0', legend: '{{queue}}' },
  ]),
  curves('Duration of jobs, p95', 's', 'Of one attempt.', [
    { expr: quantile(0.95, 'mcp_job_duration_seconds', 'queue, '), legend: '{{queue}}' },
  ]),
  curves('Long-running operations', 'short', 'Operations that run, such as imports.', [
    { expr: 'sum(mcp_operations_active{SELF})', legend: 'running' },
  ]),
  curves(
    'Ended operations',
    'ops',
    'Runs of operations by outcome. Lost and given back ones go on elsewhere.',
    [{ expr: `sum by (outcome) (${rate('mcp_operation_runs_total{SELF}')})`, legend: '{{outcome}}' }],
  ),
];

const access: Panel[] = [
  curves('Tokens', 'reqps', 'Bearer tokens by what became of them.', [
    { expr: `sum by (result) (${rate('mcp_auth_tokens_total{SELF}')})`, legend: '{{result}}' },
  ]),
  curves(
    "Fetches of the issuer's keys",
    'ops',
    'Failed ones are harmless until the known keys are too old.',
    [{ expr: `sum by (result) (${rate('mcp_auth_key_fetches_total{SELF}')})`, legend: '{{result}}' }],
  ),
  curves('Audit', 'ops', 'Entries written, by their way, and entries lost. Lost ones should be zero.', [
    { expr: `sum by (path) (${rate('mcp_audit_entries_total{SELF}')})`, legend: '{{path}}' },
    { expr: `sum by (kind) (${rate('mcp_audit_dropped_total{SELF}')})`, legend: 'lost: {{kind}}' },
  ]),
  curves('Audit entries that wait', 'short', 'Entries are lost above MCP_AUDIT_QUEUE_ROWS.', [
    { expr: 'max by (instance) (mcp_audit_queue_entries{SELF})', legend: '{{instance}}' },
  ]),
  curves('Listeners', 'short', 'Open subscriptions/listen streams.', [
    { expr: 'sum by (instance) (mcp_listeners{SELF})', legend: '{{instance}}' },
  ]),
];

const stores: Panel[] = [
  curves('Database connections', 'short', 'In use, and what the pools may open.', [
    { expr: 'sum(mcp_database_pool_in_use{SELF})', legend: 'in use' },
    { expr: 'sum(mcp_database_pool_open{SELF})', legend: 'open' },
    { expr: 'sum(mcp_database_pool_size{SELF})', legend: 'size' },
  ]),
  curves('Waiting for a connection', 'short', 'Units of work that wait, by replica.', [
    { expr: 'max by (instance) (mcp_database_pool_waiting{SELF})', legend: '{{instance}}' },
  ]),
  curves('Redis', 'short', 'Replicas that reach it, and hear of changes on others. Empty without Redis.', [
    { expr: 'sum(mcp_redis_up{SELF})', legend: 'up' },
    { expr: 'sum(mcp_change_relay_connected{SELF})', legend: 'hear of changes' },
    { expr: 'sum(mcp_rate_limit_fallback{SELF})', legend: 'limit by themselves' },
  ]),
  curves('Redis errors', 'ops', 'Commands that failed. Empty without Redis.', [
    { expr: `sum by (reason) (${rate('mcp_redis_command_errors_total{SELF}')})`, legend: '{{reason}}' },
    { expr: `sum(${rate('mcp_change_relay_failures_total{SELF}')})`, legend: 'change not relayed' },
    { expr: `sum(${rate('mcp_rate_limit_fallback_total{SELF}')})`, legend: 'counted by one replica' },
  ]),
];

const cache = curves(
  'Cache',
  'reqps',
  'Reads by result, and changes that did not reach Redis. Empty without Redis.',
  [
    { expr: `sum by (result) (${rate('mcp_cache_requests_total{SELF}')})`, legend: '{{result}}' },
    {
      expr: `sum(${rate('mcp_cache_invalidations_total{SELF,result="failed"}')})`,
      legend: 'change not told',
    },
  ],
);

const processPanels: Panel[] = [
  curves('Health checks', 'short', 'Replicas that find each dependency up.', [
    { expr: 'sum by (check) (mcp_health_check_up{SELF})', legend: '{{check}}' },
  ]),
  curves('CPU', 'percentunit', 'Share of one core, by replica.', [
    { expr: `sum by (instance) (${rate('process_cpu_seconds_total{SELF}')})`, legend: '{{instance}}' },
  ]),
  curves('Memory', 'bytes', 'Resident memory, by replica.', [
    { expr: 'max by (instance) (process_resident_memory_bytes{SELF})', legend: '{{instance}}' },
  ]),
  curves('Event loop, p99', 's', 'How long what is due waits for its turn.', [
    { expr: 'max by (instance) (nodejs_eventloop_lag_p99_seconds{SELF})', legend: '{{instance}}' },
  ]),
  curves('Heap', 'bytes', 'JavaScript objects, by replica.', [
    { expr: 'max by (instance) (nodejs_heap_size_used_bytes{SELF})', legend: '{{instance}}' },
  ]),
  curves('Starts', 'short', 'Restarts within ten minutes, by replica.', [
    { expr: 'max by (instance) (changes(process_start_time_seconds{SELF}[10m]))', legend: '{{instance}}' },
  ]),
];

import type { Service } from '../services.ts';
import type { Alert } from './alert.ts';
import { burning, FAILED } from './objectives.ts';

/** Alerts that every service has. Each has a page in docs/runbooks and a test in test/alerts. */
export function commonAlerts({ slowSeconds, dependencies }: Service): Alert[] {
  return [
    ...availability(slowSeconds),
    ...access,
    ...machinery,
    ...(dependencies.length > 0 ? [dependencyFailing] : []),
  ];
}

const availability = (slowSeconds: number): Alert[] => [
  {
    name: 'ServiceDown',
    // absent() for a service of which nothing is left to be asked.
    expr: `sum by (namespace, job) (up{SELF}) == 0
or
absent(up{SELF})`,
    for: '3m',
    severity: 'critical',
    summary: 'No replica of {{ $labels.job }} answers',
    description: 'Prometheus has reached no replica of {{ $labels.job }} for 3 minutes.',
  },
  {
    name: 'ServiceNotReady',
    expr: 'max by (namespace, job) (mcp_ready{SELF}) == 0',
    for: '3m',
    severity: 'critical',
    summary: 'No replica of {{ $labels.job }} is ready',
    description:
      'Replicas of {{ $labels.job }} run, but for 3 minutes none has been ready to take calls: something that they cannot do without is down.',
  },
  {
    name: 'ServiceRestarting',
    expr: 'max by (namespace, job, instance) (changes(process_start_time_seconds{SELF}[1h])) > 3',
    for: '0m',
    severity: 'ticket',
    summary: '{{ $labels.job }} keeps restarting',
    description:
      'The replica {{ $labels.instance }} of {{ $labels.job }} has restarted {{ $value }} times within an hour.',
  },
  {
    name: 'ErrorBudgetBurnFast',
    // Of few calls a single one would be a large share.
    expr: `${burning(14.4, '1h', '5m')}
and
sum by (namespace, job) (increase(mcp_requests_total{SELF,status=~"${FAILED}"}[1h])) > 10`,
    for: '2m',
    severity: 'critical',
    summary: 'Tool calls of {{ $labels.job }} fail',
    description:
      '{{ $value | humanizePercentage }} of the tool calls of {{ $labels.job }} failed within the last hour, and they still do. At this speed the error budget of a month lasts two days.',
  },
  {
    name: 'ErrorBudgetBurnSlow',
    expr: `${burning(3, '1d', '2h')}
and
sum by (namespace, job) (increase(mcp_requests_total{SELF,status=~"${FAILED}"}[1d])) > 10`,
    for: '15m',
    severity: 'ticket',
    summary: 'More tool calls of {{ $labels.job }} fail than it promises',
    description:
      '{{ $value | humanizePercentage }} of the tool calls of {{ $labels.job }} failed within the last day. At this speed the error budget of a month lasts ten days.',
  },
  {
    name: 'CallsSlow',
    expr: `job:mcp_requests_slow:ratio_rate1h{SELF} > 0.05
and
job:mcp_requests_slow:ratio_rate5m{SELF} > 0.05
and
sum by (namespace, job) (increase(mcp_request_duration_seconds_count{SELF}[1h])) > 100`,
    for: '10m',
    severity: 'ticket',
    summary: 'Tool calls of {{ $labels.job }} are slow',
    description: `{{ $value | humanizePercentage }} of the tool calls of {{ $labels.job }} took longer than ${slowSeconds} s within the last hour.`,
  },
];

const access: Alert[] = [
  {
    name: 'TokensCannotBeChecked',
    // These calls never become tool calls: no other alert would notice.
    expr: 'sum by (namespace, job) (rate(mcp_auth_tokens_total{SELF,result="unavailable"}[5m])) > 0',
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.job }} cannot check tokens',
    description:
      "Callers of {{ $labels.job }} are turned away because the keys of the tokens' issuer cannot be fetched.",
  },
  {
    name: 'TokensRefused',
    // `missing` is how a client begins: it asks without a token where to get one.
    expr: `sum by (namespace, job) (rate(mcp_auth_tokens_total{SELF,result!~"remembered|verified|unavailable|missing"}[15m]))
/
sum by (namespace, job) (rate(mcp_auth_tokens_total{SELF,result!="missing"}[15m]))
> 0.5
and
sum by (namespace, job) (increase(mcp_auth_tokens_total{SELF,result!~"remembered|verified|unavailable|missing"}[15m])) > 20`,
    for: '15m',
    severity: 'ticket',
    summary: '{{ $labels.job }} refuses most tokens',
    description: '{{ $value | humanizePercentage }} of the tokens sent to {{ $labels.job }} are refused.',
  },
];

const machinery: Alert[] = [
  {
    name: 'AuditEntriesLost',
    expr: 'sum by (namespace, job, kind) (increase(mcp_audit_dropped_total{SELF}[15m])) > 0',
    for: '0m',
    severity: 'critical',
    summary: '{{ $labels.job }} loses audit entries',
    description:
      'About {{ $value | humanize }} audit entries ({{ $labels.kind }}) of {{ $labels.job }} were lost within 15 minutes: the database is too slow or away. The trail has a gap, which grows.',
  },
  {
    name: 'DatabasePoolExhausted',
    expr: 'max by (namespace, job, instance) (min_over_time(mcp_database_pool_waiting{SELF}[5m])) > 0',
    for: '5m',
    severity: 'ticket',
    summary: 'Calls of {{ $labels.job }} wait for a database connection',
    description:
      'On {{ $labels.instance }} at least {{ $value }} units of work of {{ $labels.job }} have waited for a connection at every scrape of ten minutes.',
  },
  {
    name: 'JobQueueStalled',
    expr: 'max by (namespace, job, queue) (mcp_job_queue_wait_seconds{SELF,queue!~".+[.]dead"}) > 900',
    for: '5m',
    severity: 'ticket',
    summary: 'Jobs of {{ $labels.job }} wait: {{ $labels.queue }}',
    description:
      'A job in the queue {{ $labels.queue }} of {{ $labels.job }} has been due for {{ $value | humanizeDuration }}, and nobody takes it.',
  },
  {
    name: 'JobsDead',
    expr: 'max by (namespace, job, queue) (mcp_job_queue_ready{SELF,queue=~".+[.]dead"}) > 0',
    for: '5m',
    severity: 'ticket',
    summary: 'Jobs of {{ $labels.job }} were given up: {{ $labels.queue }}',
    description:
      '{{ $value }} jobs are in {{ $labels.queue }} of {{ $labels.job }}: they were refused for good, or failed at every attempt. After 14 days they are deleted.',
  },
  {
    name: 'RedisAway',
    expr: 'min by (namespace, job) (mcp_redis_up{SELF}) == 0',
    for: '10m',
    severity: 'ticket',
    summary: '{{ $labels.job }} does without Redis',
    description:
      'A replica of {{ $labels.job }} has not reached Redis for 10 minutes: rate limits hold for each replica alone, nothing is cached, and listeners do not hear of changes made on other replicas.',
  },
  {
    name: 'EventLoopBlocked',
    expr: 'max by (namespace, job, instance) (nodejs_eventloop_lag_p99_seconds{SELF}) > 0.25',
    for: '10m',
    severity: 'ticket',
    summary: '{{ $labels.job }} is short of CPU',
    description:
      'On {{ $labels.instance }} everything that {{ $labels.job }} does waits up to {{ $value | humanizeDuration }} for its turn.',
  },
];

const dependencyFailing: Alert = {
  name: 'DependencyFailing',
  expr: `sum by (namespace, job, dependency) (rate(mcp_dependency_requests_total{SELF,outcome=~"unavailable|timeout|breaker_open"}[10m]))
/
sum by (namespace, job, dependency) (rate(mcp_dependency_requests_total{SELF}[10m]))
> 0.5`,
  for: '10m',
  severity: 'ticket',
  summary: '{{ $labels.job }} cannot reach {{ $labels.dependency }}',
  description:
    '{{ $value | humanizePercentage }} of the calls that {{ $labels.job }} makes to {{ $labels.dependency }} fail.',
};

import type { SlowSeconds } from '../services.ts';
import type { Rule } from './alert.ts';

/**
 * What a service promises: so large a share of its calls does not fail for a reason of its own. Refusals of what callers
 * ask for (not found, not allowed, too many calls) are answers.
 */
const AVAILABILITY = 0.999;

/** Codes of errors whose category is `server_error`. */
export const FAILED = 'internal_error|timeout|dependency_unavailable';

/** Windows over which the share of failed calls is recorded: a short and a long one for each speed of burning. */
export const FAILED_WINDOWS = ['5m', '1h', '2h', '1d'];

/** Windows over which the share of slow calls is recorded. */
export const SLOW_WINDOWS = ['5m', '1h'];

/** What alerts and dashboards share, calculated once. */
export function recordings(slowSeconds: SlowSeconds): Rule[] {
  return [
    ...FAILED_WINDOWS.map((window) => ({
      record: `job:mcp_requests_failed:ratio_rate${window}`,
      expr: `sum by (namespace, job) (rate(mcp_requests_total{SELF,status=~"${FAILED}"}[${window}]))
/
sum by (namespace, job) (rate(mcp_requests_total{SELF}[${window}]))`,
    })),
    ...SLOW_WINDOWS.map((window) => ({
      record: `job:mcp_requests_slow:ratio_rate${window}`,
      expr: `1 -
sum by (namespace, job) (rate(mcp_request_duration_seconds_bucket{SELF,le="${slowSeconds}"}[${window}]))
/
sum by (namespace, job) (rate(mcp_request_duration_seconds_count{SELF}[${window}]))`,
    })),
  ];
}

/**
 * The error budget, what may fail in 30 days, is being used up so many times too fast. The long window says that it
 * matters, the short one that it still goes on.
 */
export function burning(speed: number, long: string, short: string): string {
  const most = Number((speed * (1 - AVAILABILITY)).toFixed(4));
  return `job:mcp_requests_failed:ratio_rate${long}{SELF} > ${most}
and
job:mcp_requests_failed:ratio_rate${short}{SELF} > ${most}`;
}

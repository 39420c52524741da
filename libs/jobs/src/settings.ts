import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about jobs and operations. */
export const jobsSettings = defineSettings('jobs', {
  poolSize: setting('MCP_JOBS_POOL_SIZE', z.coerce.number().int().min(1).max(50).default(4), {
    description:
      'Most connections this replica opens to work its queues, beside those for tool calls, and one that listens if a queue notifies.',
  }),
  heartbeatSeconds: setting(
    'MCP_JOBS_HEARTBEAT_SECONDS',
    z.coerce.number().int().min(10).max(3_600).default(30),
    {
      description: 'Silence, in seconds, after which the job of a replica is given to another one.',
    },
  ),
  superviseSeconds: setting(
    'MCP_JOBS_SUPERVISE_SECONDS',
    z.coerce.number().int().min(1).max(3_600).default(15),
    {
      description: 'How often, in seconds, one replica of the fleet looks for jobs whose replica is silent.',
    },
  ),
  scheduleSeconds: setting('MCP_JOBS_SCHEDULE_SECONDS', z.coerce.number().int().min(1).max(45).default(30), {
    description: 'How often, in seconds, one replica of the fleet looks for schedules that are due.',
  }),
  operationConcurrency: setting(
    'MCP_OPERATIONS_CONCURRENCY',
    z.coerce.number().int().min(0).max(100).default(4),
    {
      description: 'Operations that this replica runs at once. 0: it only starts them.',
    },
  ),
  operationsPerPrincipal: setting(
    'MCP_OPERATIONS_PER_PRINCIPAL',
    z.coerce.number().int().min(1).max(1_000).default(10),
    {
      description:
        'Unfinished operations that one principal may have; to start one more is refused until one has ended.',
    },
  ),
  operationLeaseSeconds: setting(
    'MCP_OPERATIONS_LEASE_SECONDS',
    z.coerce.number().int().min(2).max(300).default(5),
    {
      description:
        'Silence, in seconds, after which the operation of a replica is taken over by another one.',
    },
  ),
  operationTimeoutHours: setting(
    'MCP_OPERATIONS_TIMEOUT_HOURS',
    z.coerce.number().int().min(1).max(720).default(24),
    { description: 'Hours after its start at which an operation that is not finished fails.' },
  ),
  operationRetentionHours: setting(
    'MCP_OPERATIONS_RETENTION_HOURS',
    z.coerce.number().int().min(1).max(8_760).default(24),
    { description: 'Hours for which a finished operation and its result can be asked for.' },
  ),
});

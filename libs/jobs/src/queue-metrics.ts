import { Log, Metrics, registerLookedUpGauge } from '@gantry/observability';
import { Database, type Sql } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** A scrape waits no longer. */
const LOOK_MS = 1_000;

interface Row {
  readonly queue: string;
  readonly value: number;
}

/**
 * What an operator has to know of the queues: is the work being done? Looked up in the database, so every replica says
 * the same. Queues `….dead` hold what could not be done.
 */
@Injectable()
export class QueueMetrics {
  constructor(
    private readonly database: Database,
    metrics: Metrics,
    log: Log,
  ) {
    registerLookedUpGauge(metrics, log, {
      name: 'mcp_job_queue_ready',
      help: 'Jobs that are due and that nobody has taken, in the whole fleet, when they were last counted.',
      label: 'queue',
      lookUp: () => this.#look(readyJobs),
    });
    registerLookedUpGauge(metrics, log, {
      name: 'mcp_job_queue_wait_seconds',
      help: 'How long the job that is next in its queue has been due without being taken.',
      label: 'queue',
      lookUp: () => this.#look(waitOfNextJob),
    });
  }

  /** Beside the pool: these numbers matter most when none of its connections is free. */
  async #look(rows: (sql: Sql) => Promise<readonly Row[]>): Promise<[string, number][]> {
    const found = await this.database.inspect(rows, LOOK_MS);
    return found.map(({ queue, value }) => [queue, value]);
  }
}

/** As pg-boss counts them, every MCP_JOBS_SUPERVISE_SECONDS. */
const readyJobs = (sql: Sql) => sql<Row[]>`select name as queue, ready_count as value from pgboss.queue`;

/** In the order of the index from which pg-boss takes jobs, so a look costs the same however many wait. */
const waitOfNextJob = (sql: Sql) => sql<Row[]>`
  select queue.name as queue, coalesce(extract(epoch from now() - next.due), 0)::float8 as value
  from pgboss.queue
  left join lateral (
    select greatest(job.created_on, job.start_after) as due
    from pgboss.job
    where job.name = queue.name and job.state < 'active' and not job.blocked and job.start_after <= now()
    order by job.priority desc, job.created_on
    limit 1
  ) as next on true`;

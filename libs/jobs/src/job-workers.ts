import { Config } from '@gantry/config';
import { Log, Metrics } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { JobResult, JobWithMetadata, PgBoss, QueueResult } from 'pg-boss';
import { Counter, Histogram } from 'prom-client';
import { Boss } from './boss.ts';
import { eventHandlerOptionsOf, eventId, subscriberQueue } from './event.ts';
import { failureOf, tenantAttempt, type Attempt, type PayloadHandler } from './job-attempt.ts';
import { jobHandlerOptionsOf } from './job-handler.ts';
import { deadLetterQueue, type Queue } from './queue.ts';
import { scheduleOptionsOf, scheduleQueue, type RunsOnSchedule } from './schedule.ts';
import { jobsSettings } from './settings.ts';

/** A queue that this replica works. */
interface Workplace {
  readonly queue: Queue;
  readonly concurrency: number;
  readonly attempt: Attempt;
  /** What else pg-boss has to know: a subscription, a schedule. */
  register?(boss: PgBoss): Promise<void>;
}

/** How often a queue is looked at. */
const POLL_SECONDS = 1;

/** The other workers of a queue are woken by the first. */
const IDLE_POLL_SECONDS = 30;

const BUCKETS_SECONDS = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300];

const OUTCOMES = ['completed', 'retried', 'dead'];

/** Finds the handlers in Nest's container and works their queues. */
@Injectable()
export class JobWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #attempts: Counter<'queue' | 'outcome'>;
  readonly #durations: Histogram<'queue'>;
  #workplaces: readonly Workplace[] = [];

  constructor(
    private readonly boss: Boss,
    private readonly discovery: DiscoveryService,
    private readonly database: Database,
    private readonly config: Config,
    private readonly log: Log,
    { registry }: Metrics,
  ) {
    this.#attempts = new Counter({
      name: 'mcp_jobs_total',
      help: 'Attempts at jobs by outcome: completed, retried or dead.',
      labelNames: ['queue', 'outcome'],
      registers: [registry],
    });
    this.#durations = new Histogram({
      name: 'mcp_job_duration_seconds',
      help: 'How long attempts at jobs took.',
      labelNames: ['queue'],
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    });
  }

  /** Begins to work. */
  async onApplicationBootstrap(): Promise<void> {
    this.#workplaces = this.#find();
    // Series that are there from the start let rate() see the first attempt.
    for (const { queue } of this.#workplaces) {
      for (const outcome of OUTCOMES) this.#attempts.inc({ queue: queue.name, outcome }, 0);
      this.#durations.zero({ queue: queue.name });
    }
    const listens = this.#workplaces.some(({ queue }) => queue.notify);
    await this.boss.open((boss) => this.#attach(boss), listens);
  }

  /** Ends the work. */
  async onModuleDestroy(): Promise<void> {
    await this.boss.close();
  }

  #find(): Workplace[] {
    const workplaces = this.discovery
      .getProviders()
      .filter(({ instance }) => instance)
      .flatMap(({ metatype, instance }) => this.#workplacesOf(metatype, instance));
    const names = new Set<string>();
    for (const { queue } of workplaces) {
      if (names.has(queue.name)) throw new Error(`Two handlers work the queue ${queue.name}.`);
      names.add(queue.name);
    }
    return workplaces;
  }

  #workplacesOf(type: unknown, instance: unknown): Workplace[] {
    const found: Workplace[] = [];
    const job = jobHandlerOptionsOf(type);
    if (job) found.push(this.#tenantWorkplace(job.queue, instance as PayloadHandler, job));
    const event = eventHandlerOptionsOf(type);
    if (event) {
      const queue = subscriberQueue(event);
      found.push({
        ...this.#tenantWorkplace(queue, instance as PayloadHandler, event),
        register: (boss) => boss.subscribe(eventId(event.event), queue.name),
      });
    }
    const schedule = scheduleOptionsOf(type);
    if (schedule) {
      const queue = scheduleQueue(schedule);
      found.push({
        queue,
        concurrency: 1,
        attempt: (_, { signal }) => (instance as RunsOnSchedule).run(signal),
        register: (boss) =>
          boss.schedule(queue.name, schedule.cron, null, { tz: schedule.timezone ?? 'UTC' }),
      });
    }
    return found;
  }

  #tenantWorkplace(
    queue: Queue,
    handler: PayloadHandler,
    { concurrency = 1, ownTransactions = false }: { concurrency?: number; ownTransactions?: boolean },
  ): Workplace {
    return { queue, concurrency, attempt: tenantAttempt(this.database, queue, handler, ownTransactions) };
  }

  async #attach(boss: PgBoss): Promise<void> {
    const made = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
    for (const workplace of this.#workplaces) {
      await this.#makeQueue(boss, workplace.queue, made);
      await workplace.register?.(boss);
      await this.#work(boss, workplace);
    }
  }

  /** Rows, no tables: none of the queues is a partition. */
  async #makeQueue(boss: PgBoss, queue: Queue, made: ReadonlyMap<string, QueueResult>): Promise<void> {
    const deadLetter = deadLetterQueue(queue);
    const options = {
      deadLetter,
      retryLimit: queue.retries,
      retryDelay: queue.retryDelaySeconds,
      retryBackoff: true,
      retryDelayMax: queue.retryDelayMaxSeconds,
      expireInSeconds: queue.timeoutSeconds,
      heartbeatSeconds: this.config.get(jobsSettings).heartbeatSeconds,
      notify: queue.notify,
    };
    if (isMade(options, made.get(queue.name))) return;
    await boss.createQueue(deadLetter);
    await boss.createQueue(queue.name, { policy: queue.policy, ...options });
    await boss.updateQueue(queue.name, options);
  }

  /** A worker that gets a job wakes its siblings, so a full queue is worked at full width and an empty one costs little. */
  async #work(boss: PgBoss, { queue, concurrency, attempt }: Workplace): Promise<void> {
    const workers: string[] = [];
    for (let index = 0; index < concurrency; index += 1) {
      const interval = index === 0 ? POLL_SECONDS : IDLE_POLL_SECONDS;
      const worker = await boss.work(
        queue.name,
        {
          includeMetadata: true,
          perJobResults: true,
          pollingIntervalSeconds: interval,
          notifyPollingIntervalSeconds: interval,
        },
        (jobs) => {
          for (const sibling of workers) boss.notifyWorker(sibling);
          return Promise.all(jobs.map((job) => this.#try(boss, queue, attempt, job)));
        },
      );
      workers.push(worker);
    }
  }

  async #try(
    boss: PgBoss,
    { name }: Queue,
    attempt: Attempt,
    job: JobWithMetadata<unknown>,
  ): Promise<JobResult> {
    const stopWatch = this.#durations.startTimer({ queue: name });
    try {
      await attempt(boss, job);
      this.#attempts.inc({ queue: name, outcome: 'completed' });
      return { id: job.id, status: 'completed' };
    } catch (thrown) {
      const { error, output } = failureOf(thrown);
      const isDead = error.isFinal || job.retryCount >= job.retryLimit;
      this.#attempts.inc({ queue: name, outcome: isDead ? 'dead' : 'retried' });
      const fields = { queue: name, job: job.id, attempt: job.retryCount + 1, err: error };
      if (isDead) this.log.error(fields, 'A job failed for good.');
      else this.log.warn(fields, 'A job failed and will be tried again.');
      return { id: job.id, status: error.isFinal ? 'deadletter' : 'failed', output };
    } finally {
      stopWatch();
    }
  }
}

/** Another replica, or an earlier start, has made the queue like this: making it again would take a start longer. */
function isMade(options: object, queue: QueueResult | undefined): boolean {
  return Object.entries(options).every(([name, value]) => queue?.[name as keyof QueueResult] === value);
}

import { Config, type Secret } from '@gantry/config';
import { sharedError } from '@gantry/errors';
import { HealthRegistry, Log } from '@gantry/observability';
import { postgresSettings } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import { jobsSettings } from './settings.ts';

/** How long to wait before the next try to start, while the database is not there or not migrated yet. */
const RETRY_MS = 1_000;

/** Jobs that take longer to end at shutdown are given back to the queue. */
const STOP_MS = 10_000;

/**
 * The life of pg-boss in this process: it starts as soon as its schema is there, and anew, on new connections, when the
 * credentials of the database rotate.
 *
 * It works its queues on a few connections of its own, because it needs what a unit of work does not give: statements
 * for no tenant, `LISTEN`, transactions of its own making.
 */
@Injectable()
export class Boss {
  readonly #databaseUrl: Secret;
  readonly #stopping = new AbortController();
  #attach: (boss: PgBoss) => Promise<void> = () => Promise.resolve();
  #listens = false;
  #running: PgBoss | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stopFollowing: () => void = () => {};

  constructor(
    private readonly config: Config,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    this.#databaseUrl = config.get(postgresSettings).databaseUrl;
    health.register('jobs', () => Promise.resolve(void this.running));
  }

  /** pg-boss, once it has started. */
  get running(): PgBoss {
    if (this.#running) return this.#running;
    throw sharedError('dependency_unavailable', 'The job queues are not available yet.', {
      retryAfterSeconds: 1,
    });
  }

  /**
   * Starts. Resolves after the first try; further ones go on behind.
   *
   * @param attach - gives each new pg-boss its queues and workers
   * @param listens - does any of the queues notify? It takes a connection.
   */
  async open(attach: (boss: PgBoss) => Promise<void>, listens: boolean): Promise<void> {
    this.#attach = attach;
    this.#listens = listens;
    this.#stopFollowing = this.#databaseUrl.onRotate(() => this.#inTurn(() => this.#keepTrying()));
    if (!(await this.#replace())) this.#inTurn(() => this.#keepTrying());
  }

  /** Lets running jobs end, then disconnects. */
  async close(): Promise<void> {
    this.#stopFollowing();
    this.#stopping.abort();
    await this.#turn;
    await this.#running?.stop({ graceful: true, timeout: STOP_MS });
    this.#running = undefined;
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }

  async #keepTrying(): Promise<void> {
    while (!(await this.#replace()) && !this.#stopping.signal.aborted)
      await pause(RETRY_MS, this.#stopping.signal);
  }

  /** The old one works on until the new one does. */
  async #replace(): Promise<boolean> {
    if (this.#stopping.signal.aborted) return false;
    const boss = this.#make();
    try {
      await boss.start();
      await this.#attach(boss);
    } catch (error) {
      this.log.warn({ err: error }, 'The job queues could not be started.');
      await boss.stop({ graceful: false }).catch(() => {});
      return false;
    }
    const old = this.#running;
    this.#running = boss;
    await old?.stop({ graceful: true, timeout: STOP_MS });
    return true;
  }

  #make(): PgBoss {
    const { connectTimeoutMs, applicationName } = this.config.get(postgresSettings);
    const { poolSize, superviseSeconds, scheduleSeconds } = this.config.get(jobsSettings);
    const boss = new PgBoss({
      connectionString: this.#databaseUrl.value(),
      application_name: `${applicationName.slice(0, 58)}-jobs`,
      connectionTimeoutMillis: connectTimeoutMs,
      max: poolSize,
      // The schema is the owner's business: the service neither makes nor changes nor rebuilds anything in it.
      migrate: false,
      createSchema: false,
      reindex: false,
      useListenNotify: this.#listens,
      superviseIntervalSeconds: superviseSeconds,
      monitorIntervalSeconds: superviseSeconds,
      cronMonitorIntervalSeconds: scheduleSeconds,
      cronWorkerIntervalSeconds: Math.min(5, scheduleSeconds),
    });
    boss.on('error', (error) => this.log.warn({ err: error }, 'The job queues met an error.'));
    boss.on('warning', ({ message }) =>
      this.log.warn({ warning: message }, 'The job queues need attention.'),
    );
    return boss;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

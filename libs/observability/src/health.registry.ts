import { Injectable } from '@nestjs/common';
import { Log } from './log.ts';
import { redactFields } from './redact.ts';

const DEFAULT_TIMEOUT_MS = 1_000;

/** Stands for the process itself in the answers of the health endpoints. */
const RESERVED_NAME = 'service';

/**
 * Tells whether a dependency works. Throws if it does not; may return details, which everyone who can reach the
 * health endpoint sees. `signal` is aborted when the time is over.
 */
export type HealthCheck = (signal: AbortSignal) => Promise<Record<string, unknown> | void>;

/** How to run a check. */
export interface HealthCheckOptions {
  /** After this long the dependency counts as down; 1 s unless told. */
  readonly timeoutMs?: number;
  /** False for a dependency that the service can do without: while it is down, calls may still be sent here. */
  readonly critical?: boolean;
}

/** How one dependency is. Field names are wire format. */
export interface DependencyHealth {
  status: 'up' | 'down';
  /** Only said of a dependency that the service can do without. */
  critical?: false;
  response_time_ms: number;
  /** Why it is down, without host names, credentials or a driver's words: those are in the log. */
  reason?: string;
  details?: Record<string, unknown>;
}

/** How the service is. */
export interface HealthReport {
  status: 'ok' | 'error' | 'draining';
  dependencies: Record<string, DependencyHealth>;
}

interface RegisteredCheck {
  readonly check: HealthCheck;
  readonly timeoutMs: number;
  readonly critical: boolean;
}

class TimedOut extends Error {}

/** Knows every dependency of this process and whether the process still takes calls. */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, RegisteredCheck>();
  private readonly down = new Set<string>();
  private running: Promise<Record<string, DependencyHealth>> | undefined;
  private isDraining = false;

  constructor(private readonly log: Log) {}

  /** Adds a dependency. A check that throws means: down. */
  register(
    name: string,
    check: HealthCheck,
    { timeoutMs = DEFAULT_TIMEOUT_MS, critical = true }: HealthCheckOptions = {},
  ): void {
    if (name === RESERVED_NAME || this.checks.has(name))
      throw new Error(`There already is a health check named "${name}".`);
    this.checks.set(name, { check, timeoutMs, critical });
  }

  /** From now on the service is not ready: calls in flight finish, new ones go elsewhere. */
  startDraining(): void {
    this.isDraining = true;
  }

  /** Is the service shutting down? */
  get draining(): boolean {
    return this.isDraining;
  }

  /** Asks every dependency. Never rejects. */
  async report(): Promise<HealthReport> {
    const dependencies = await this.dependencies();
    const works = Object.values(dependencies).every(
      ({ status, critical }) => status === 'up' || critical === false,
    );
    return { status: this.isDraining ? 'draining' : works ? 'ok' : 'error', dependencies };
  }

  /** Questions asked at the same time share one answer, so that probes cannot pile up on a slow dependency. */
  private dependencies(): Promise<Record<string, DependencyHealth>> {
    this.running ??= this.askAll().finally(() => (this.running = undefined));
    return this.running;
  }

  private async askAll(): Promise<Record<string, DependencyHealth>> {
    const names = [...this.checks.keys()];
    const answers = await Promise.all(names.map((name) => this.ask(name)));
    return Object.fromEntries(names.map((name, index) => [name, answers[index]!]));
  }

  private async ask(name: string): Promise<DependencyHealth> {
    const { check, timeoutMs, critical } = this.checks.get(name)!;
    const importance = critical ? {} : { critical };
    const start = performance.now();
    const elapsed = () => Math.round(performance.now() - start);
    try {
      const details = await withTimeout(check, timeoutMs);
      this.noteUp(name);
      return {
        status: 'up',
        ...importance,
        response_time_ms: elapsed(),
        ...(details && { details: redactFields(details) }),
      };
    } catch (error) {
      this.noteDown(name, error);
      const reason = error instanceof TimedOut ? error.message : 'The check failed; see the log.';
      return { status: 'down', ...importance, response_time_ms: elapsed(), reason };
    }
  }

  /** Changes are logged, states are not: a probe comes every few seconds. */
  private noteUp(name: string): void {
    if (this.down.delete(name)) this.log.info({ dependency: name }, 'dependency is up again');
  }

  private noteDown(name: string, error: unknown): void {
    if (this.down.has(name)) return;
    this.down.add(name);
    this.log.warn({ dependency: name, err: error }, 'dependency is down');
  }
}

async function withTimeout(check: HealthCheck, timeoutMs: number): Promise<Record<string, unknown> | void> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const timedOut = new TimedOut(`No answer within ${timeoutMs} ms.`);
      controller.abort(timedOut);
      reject(timedOut);
    }, timeoutMs);
  });
  try {
    return await Promise.race([check(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

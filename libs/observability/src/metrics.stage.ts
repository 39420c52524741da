import { SHARED_ERRORS } from '@gantry/errors';
import { Injectable } from '@nestjs/common';
import { Stage, type StageRun, type ToolContract, type ToolStage } from '@gantry/pipeline';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Metrics } from './metrics.ts';

/** From a lookup by primary key to a saga over another service. */
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the service itself fails with. */
const SERVER_ERRORS = Object.entries(SHARED_ERRORS)
  .filter(([, { category }]) => category === 'server_error')
  .map(([code]) => code);

/** Counts and times every call of a tool, refusals included. */
@Injectable()
@Stage('metrics')
export class MetricsStage implements ToolStage {
  private readonly requests: Counter<'tool' | 'status'>;
  private readonly durations: Histogram<'tool'>;
  private readonly active: Gauge<'tool'>;

  constructor(metrics: Metrics) {
    const registers = [metrics.registry];
    this.requests = new Counter({
      name: 'mcp_requests_total',
      help: 'Tool calls by outcome: ok or the error code.',
      labelNames: ['tool', 'status'],
      registers,
    });
    this.durations = new Histogram({
      name: 'mcp_request_duration_seconds',
      help: 'How long tool calls took, refusals included.',
      labelNames: ['tool'],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    this.active = new Gauge({
      name: 'mcp_active_requests',
      help: 'Tool calls that are running.',
      labelNames: ['tool'],
      registers,
    });
  }

  /** Binds the labels once per tool, so that a call looks nothing up but its status. */
  forTool({ name: tool }: ToolContract): StageRun {
    const duration = this.durations.labels({ tool });
    const active = this.active.labels({ tool });
    const byStatus = new Map<string, Counter.Internal>();
    const count = (status: string): void => {
      let counter = byStatus.get(status);
      if (!counter) byStatus.set(status, (counter = this.requests.labels({ tool, status })));
      counter.inc();
    };
    // Series that are there from the start let rate() see the first call, and the first that failed.
    for (const status of ['ok', ...SERVER_ERRORS]) this.requests.inc({ tool, status }, 0);
    active.set(0);

    return async (call, next) => {
      const start = performance.now();
      active.inc();
      const outcome = await next(call);
      active.dec();
      duration.observe((performance.now() - start) / 1_000);
      count(outcome.ok ? 'ok' : outcome.error.code);
      return outcome;
    };
  }
}

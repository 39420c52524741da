import type { ErrorEnvelope } from '@gantry/errors';
import { Metrics, ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import { composePipeline, success, type Next, type Principal, type ToolContract } from '@gantry/pipeline';
import { Redis } from '@gantry/redis';
import { metricValue, startContainer, testCall, testTool } from '@gantry/testing';
import { RateLimitModule, RateLimitStage } from '../src/index.ts';

/** One process of a service: its own container, its own connection to Redis. */
export interface Replica {
  readonly redis: Redis;
  readonly stage: RateLimitStage;
  /** Calls a tool; says why not, if it was refused. */
  call(tool: ToolContract, who: Who): Promise<ErrorEnvelope | undefined>;
  metric(name: string, labels?: Record<string, string>): Promise<number | undefined>;
  stop(): Promise<void>;
}

export type Who = Partial<Omit<Principal, 'scopes'>>;

export function limitedTool(callsPerMinute: number, name = 'get_order'): ToolContract {
  return testTool({ name, limits: { callsPerMinute } });
}

export async function startReplica(env: Record<string, string> = {}): Promise<Replica> {
  const info = new ServiceInfo('orders', '1.2.0');
  const { app, stop } = await startContainer(
    { imports: [ServiceInfoModule.with(info), ObservabilityModule, RateLimitModule] },
    {
      MCP_LOG_LEVEL: 'silent',
      MCP_REDIS_COMMAND_TIMEOUT_MS: '300', // more patient than in production, for machines that are busy
      ...env,
    },
  );
  const stage = app.get(RateLimitStage);
  const pipelines = new Map<ToolContract, Next>();

  function pipelineOf(tool: ToolContract): Next {
    const built = pipelines.get(tool) ?? composePipeline(tool, new Map([['rate-limit', stage]]), handler);
    pipelines.set(tool, built);
    return built;
  }

  return {
    redis: app.get(Redis),
    stage,
    async call(tool, who) {
      const outcome = await pipelineOf(tool)(testCall({ tool, principal: who }));
      return outcome.ok ? undefined : outcome.error.toEnvelope();
    },
    metric: (name, labels) => metricValue(app.get(Metrics).registry, name, labels),
    stop,
  };
}

const handler: Next = async () => success({});

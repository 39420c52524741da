import { collectSettings, Config, ConfigModule } from '@gantry/config';
import type { ErrorEnvelope } from '@gantry/errors';
import { Metrics, ObservabilityModule, ServiceInfo } from '@gantry/observability';
import {
  cannotAsk,
  composePipeline,
  defineTool,
  success,
  type Next,
  type Principal,
  type RunningCall,
  type ToolContract,
} from '@gantry/pipeline';
import { Redis } from '@gantry/redis';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import { RateLimitModule, RateLimitStage } from '../src/index.ts';

@Global()
@Module({
  providers: [{ provide: ServiceInfo, useValue: new ServiceInfo('orders', '1.2.0') }],
  exports: [ServiceInfo],
})
class ServiceInfoModule {}

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
  return defineTool({
    name,
    title: name,
    description: name,
    input: z.object({}),
    output: z.object({}),
    scopes: [],
    effect: 'read',
    limits: { callsPerMinute },
  });
}

export async function startReplica(env: Record<string, string> = {}): Promise<Replica> {
  const groups = [ObservabilityModule, RateLimitModule].flatMap((module) => collectSettings(module));
  const config = Config.of(groups, {
    MCP_LOG_LEVEL: 'silent',
    MCP_REDIS_COMMAND_TIMEOUT_MS: '300', // more patient than in production, for machines that are busy
    ...env,
  });
  @Module({ imports: [ConfigModule.with(config), ServiceInfoModule, ObservabilityModule, RateLimitModule] })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false });
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
      const outcome = await pipelineOf(tool)(runningCall(tool, who));
      return outcome.ok ? undefined : outcome.error.toEnvelope();
    },
    async metric(name, labels = {}) {
      const { values } = (await app.get(Metrics).registry.getSingleMetric(name)?.get()) ?? { values: [] };
      return values.find((value) =>
        Object.entries(labels).every(([label, text]) => value.labels[label] === text),
      )?.value;
    },
    async stop() {
      await app.close();
      config.close();
    },
  };
}

const handler: Next = async () => success({});

function runningCall(tool: ToolContract, who: Who): RunningCall {
  return {
    requestId: 'req_01k0000000000000000000000a',
    tool,
    principal: { tenant: 'acme', subject: 'alice', client: 'agent', scopes: new Set(), ...who },
    meta: { transport: 'http', protocolVersion: '2026-07-28' },
    signal: new AbortController().signal,
    deadline: Infinity,
    idempotencyKey: undefined,
    reportProgress: () => {},
    ...cannotAsk,
    arguments: {},
    input: {},
    resultMeta: {},
  };
}

import { Config, UsesSettings } from '@gantry/config';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.ts';
import { measureHealth } from './health.metrics.ts';
import { HealthRegistry } from './health.registry.ts';
import { LogStage } from './log.stage.ts';
import { Log } from './log.ts';
import { MetricsController } from './metrics.controller.ts';
import { MetricsStage } from './metrics.stage.ts';
import { Metrics } from './metrics.ts';
import { NestLog } from './nest-log.ts';
import { ServiceInfo } from './service-info.ts';
import { observabilitySettings } from './settings.ts';
import { TraceStage } from './trace.stage.ts';
import { Tracing } from './tracing.ts';

const PUBLIC = [Log, NestLog, Metrics, Tracing, HealthRegistry, TraceStage, LogStage, MetricsStage];

/**
 * Logs, metrics, traces and health for the whole process. Needs {@link Config} and {@link ServiceInfo} from global
 * modules.
 */
@Global()
@UsesSettings(observabilitySettings)
@Module({
  // Terminus would log every failed probe with its body; HealthRegistry logs changes with their cause.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, MetricsController],
  providers: [
    {
      provide: Log,
      inject: [Config, ServiceInfo],
      useFactory: (config: Config, service: ServiceInfo) =>
        Log.create({ service, level: config.get(observabilitySettings).logLevel }),
    },
    {
      provide: Tracing,
      inject: [Config, ServiceInfo, Log],
      useFactory: (config: Config, service: ServiceInfo, log: Log) => {
        const { otlpEndpoint, tracesSampleRatio } = config.get(observabilitySettings);
        return Tracing.create(log, { service, endpoint: otlpEndpoint, sampleRatio: tracesSampleRatio });
      },
    },
    NestLog,
    Metrics,
    HealthRegistry,
    TraceStage,
    LogStage,
    MetricsStage,
  ],
  exports: PUBLIC,
})
export class ObservabilityModule implements OnApplicationShutdown {
  constructor(
    private readonly tracing: Tracing,
    metrics: Metrics,
    health: HealthRegistry,
  ) {
    measureHealth(metrics, health);
  }

  /** The last of Nest's hooks: every span there will be has ended. */
  onApplicationShutdown(): Promise<void> {
    return this.tracing.shutdown();
  }
}

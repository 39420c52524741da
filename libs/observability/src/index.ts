export { currentContext, runInContext, type CallContext } from './call-context.ts';
export { HealthController } from './health.controller.ts';
export {
  HealthRegistry,
  type DependencyHealth,
  type HealthCheck,
  type HealthCheckOptions,
  type HealthReport,
} from './health.registry.ts';
export { LogStage } from './log.stage.ts';
export { Log, LOG_LEVELS, type LogLevel, type LogOptions } from './log.ts';
export { registerLookedUpGauge, type LookedUpGauge } from './looked-up-gauge.ts';
export { MetricsController } from './metrics.controller.ts';
export { MetricsStage } from './metrics.stage.ts';
export { Metrics } from './metrics.ts';
export { NestLog } from './nest-log.ts';
export { ObservabilityModule } from './observability.module.ts';
export { redact } from './redact.ts';
export { redactText } from './redact-text.ts';
export { ServiceInfoModule } from './service-info.module.ts';
export { ServiceInfo } from './service-info.ts';
export { observabilitySettings } from './settings.ts';
export { TraceStage } from './trace.stage.ts';
export { Tracing, type TracingOptions } from './tracing.ts';

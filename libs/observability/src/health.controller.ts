import { Controller, Get } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { HealthRegistry } from './health.registry.ts';
import { ServiceInfo } from './service-info.ts';

/** `/health` for people, `/health/live` and `/health/ready` for an orchestrator. 503 when the answer is no. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly registry: HealthRegistry,
    private readonly info: ServiceInfo,
  ) {}

  /** Everything: each dependency with its details. */
  @Get()
  @HealthCheck()
  health(): Promise<HealthCheckResult> {
    return this.terminus.check([() => this.service(), () => this.dependencies()]);
  }

  /** Does the process answer? Dependencies do not matter: a restart would not heal them. */
  @Get('live')
  @HealthCheck()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** May calls be sent here? */
  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.terminus.check([() => this.service(), () => this.dependencyStates()]);
  }

  private service(): HealthIndicatorResult {
    const { name, version } = this.info;
    const state = this.registry.draining
      ? ({ status: 'down', reason: 'draining' } as const)
      : ({ status: 'up' } as const);
    return { service: { ...state, name, version } };
  }

  /** Down is for what keeps the service from working, and answers 503; what it can do without is degraded. */
  private async dependencies(): Promise<HealthIndicatorResult> {
    const indicators: HealthIndicatorResult = {};
    const { dependencies } = await this.registry.report();
    for (const [name, { critical = true, ...health }] of Object.entries(dependencies)) {
      const isDegraded = health.status === 'down' && !critical;
      indicators[name] = isDegraded ? { ...health, status: 'degraded' } : health;
    }
    return indicators;
  }

  private async dependencyStates(): Promise<HealthIndicatorResult> {
    const states: HealthIndicatorResult = {};
    for (const [name, { status, reason }] of Object.entries(await this.dependencies())) {
      states[name] = { status, ...(reason !== undefined && { reason }) };
    }
    return states;
  }
}

import { UsesSettings, ConfigModule, type Config } from '@gantry/config';
import { McpModule } from '@gantry/mcp';
import { ObservabilityModule, ServiceInfo } from '@gantry/observability';
import { BulkheadStage } from '@gantry/resilience';
import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { serviceSettings } from './service.settings.ts';
import { HealthCheckTool } from './standard/health-check.tool.ts';
import { ServerSettingsResource } from './standard/server-settings.resource.ts';

/** What every service is made of, around the application's own module. */
@Global()
@Module({
  imports: [ObservabilityModule, McpModule],
  providers: [BulkheadStage, HealthCheckTool, ServerSettingsResource],
})
@UsesSettings(serviceSettings)
export class ServiceModule {
  /** The root module of a process. */
  static around(application: Type, config: Config, info: ServiceInfo): DynamicModule {
    return {
      module: ServiceModule,
      imports: [ConfigModule.with(config), application],
      providers: [{ provide: ServiceInfo, useValue: info }],
      exports: [ServiceInfo],
    };
  }
}

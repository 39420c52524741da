import { ServiceTokens } from '@gantry/auth';
import { Config, UsesSettings } from '@gantry/config';
import { ServiceInfo, Tracing } from '@gantry/observability';
import { Resilience } from '@gantry/resilience';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { RemoteServerDefinition } from './remote-server-definition.ts';
import { RemoteServers } from './remote-servers.ts';

/** The servers that this service calls. Global. Needs what every service has, and `AuthModule`. */
@Module({})
export class McpClientModule {
  /** Makes {@link RemoteServers} of these, and asks for their settings. */
  static forRoot(definitions: readonly RemoteServerDefinition[]): DynamicModule {
    return {
      module: McpClientModule,
      global: true,
      imports: [settingsOf(definitions)],
      providers: [
        {
          provide: RemoteServers,
          inject: [Config, ServiceTokens, Resilience, Tracing, ServiceInfo],
          useFactory: (
            config: Config,
            tokens: ServiceTokens,
            resilience: Resilience,
            tracing: Tracing,
            service: ServiceInfo,
          ) => new RemoteServers(definitions, { config, tokens, resilience, tracing, service }),
        },
      ],
      exports: [RemoteServers],
    };
  }
}

/** Settings are found on the classes of modules, and each use of this one has others. */
function settingsOf(definitions: readonly RemoteServerDefinition[]): Type {
  @UsesSettings(...definitions.map(({ settings }) => settings))
  @Module({})
  class RemoteServerSettingsModule {}
  return RemoteServerSettingsModule;
}

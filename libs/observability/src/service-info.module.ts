import { Module, type DynamicModule } from '@nestjs/common';
import { ServiceInfo } from './service-info.ts';

/** Makes the {@link ServiceInfo} of this process available to everything in its container. */
@Module({})
export class ServiceInfoModule {
  /** Global: imported once, at the root. */
  static with(info: ServiceInfo): DynamicModule {
    return {
      module: ServiceInfoModule,
      global: true,
      providers: [{ provide: ServiceInfo, useValue: info }],
      exports: [ServiceInfo],
    };
  }
}

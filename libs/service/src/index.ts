export { contractOf, serviceFindings, type ContractSources } from './contract/contract-of.ts';
export type {
  EventPromise,
  JsonSchema,
  MetricPromise,
  PromptPromise,
  ServiceContract,
  SettingPromise,
  ToolPromise,
  WithLimits,
} from './contract/service-contract.ts';
export { createService } from './create-service.ts';
export { startHttp, type RunningHttpService } from './http-process.ts';
export { definePlugin, type Plugin } from './plugins/plugin.ts';
export { Plugins, type LoadedPlugin } from './plugins/plugins.ts';
export type { Offer } from './plugins/offer.ts';
export type { RunningService } from './running-service.ts';
export { ServiceModule } from './service.module.ts';
export { serviceSettings } from './service.settings.ts';

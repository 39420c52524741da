export { createService } from './create-service.ts';
export { startHttp, type RunningHttpService } from './http-process.ts';
export type { RunningService } from './running-service.ts';
export { ServiceModule } from './service.module.ts';
export { serviceSettings } from './service.settings.ts';

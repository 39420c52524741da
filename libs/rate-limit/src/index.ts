export { RateLimitModule } from './rate-limit.module.ts';
export { RateLimitStage } from './rate-limit.stage.ts';
export { rateLimitSettings } from './settings.ts';

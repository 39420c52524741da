export { Redis } from './redis.ts';
export { RedisModule } from './redis.module.ts';
export { redisSettings } from './settings.ts';

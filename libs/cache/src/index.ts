export { Cache, type CacheEntry } from './cache.ts';
export { CacheModule } from './cache.module.ts';
export { cacheSettings } from './settings.ts';

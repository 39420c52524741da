export { ExpiredKeys } from './expired-keys.ts';
export { IdempotencyModule } from './idempotency.module.ts';
export { IdempotencyStage } from './idempotency.stage.ts';
export { idempotencyMigrations } from './migrations.ts';
export { fingerprint } from './scoped-key.ts';
export { idempotencySettings } from './settings.ts';
export { SingleUseStage } from './single-use.stage.ts';
export { waitWhileInFlight } from './wait-while-in-flight.ts';

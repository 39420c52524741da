import { UsesSettings } from '@gantry/config';
import { Module } from '@nestjs/common';
import { ExpiredKeys } from './expired-keys.ts';
import { IdempotencyStage } from './idempotency.stage.ts';
import { idempotencySettings } from './settings.ts';

/** Idempotency for every write tool of the service. Needs {@link idempotencyMigrations} to be applied. */
@Module({ providers: [IdempotencyStage, ExpiredKeys], exports: [IdempotencyStage, ExpiredKeys] })
@UsesSettings(idempotencySettings)
export class IdempotencyModule {}

import { UsesSettings } from '@gantry/config';
import { Module } from '@nestjs/common';
import { ExpiredKeys } from './expired-keys.ts';
import { IdempotencyStage } from './idempotency.stage.ts';
import { idempotencySettings } from './settings.ts';
import { SingleUseStage } from './single-use.stage.ts';

/** Idempotency for every write tool of the service, and answers of people that count once. Needs {@link idempotencyMigrations} to be applied. */
@Module({
  providers: [IdempotencyStage, SingleUseStage, ExpiredKeys],
  exports: [IdempotencyStage, SingleUseStage, ExpiredKeys],
})
@UsesSettings(idempotencySettings)
export class IdempotencyModule {}

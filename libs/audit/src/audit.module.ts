import { UsesSettings } from '@gantry/config';
import { Module } from '@nestjs/common';
import { AuditMetrics } from './audit-metrics.ts';
import { AuditOutcomeStage } from './audit-outcome.stage.ts';
import { AuditStage } from './audit.stage.ts';
import { AuditStore } from './audit-store.ts';
import { BatchWriter } from './batch-writer.ts';
import { auditSettings } from './settings.ts';

/** An audit trail of every call of the service. Needs {@link auditMigrations} to be applied. */
@Module({
  providers: [AuditStage, AuditOutcomeStage, AuditStore, BatchWriter, AuditMetrics],
  exports: [AuditStage, AuditOutcomeStage],
})
@UsesSettings(auditSettings)
export class AuditModule {}

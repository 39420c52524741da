export { AuditModule } from './audit.module.ts';
export { AuditOutcomeStage } from './audit-outcome.stage.ts';
export { AuditStage } from './audit.stage.ts';
export { auditMigrations } from './migrations.ts';
export { auditSettings } from './settings.ts';

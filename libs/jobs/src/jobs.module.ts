import { UsesSettings } from '@gantry/config';
import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Boss } from './boss.ts';
import { Events } from './events.ts';
import { JobWorkers } from './job-workers.ts';
import { Jobs } from './jobs.ts';
import { OperationHandlers } from './operations/operation-handlers.ts';
import { OperationStore } from './operations/operation-store.ts';
import { OperationWorker } from './operations/operation-worker.ts';
import { Operations } from './operations/operations.ts';
import { QueueMetrics } from './queue-metrics.ts';
import { jobsSettings } from './settings.ts';

/**
 * Jobs, events, schedules and operations of the service. Global. Needs {@link jobsMigrations} to be applied; finds
 * the handlers wherever they are provided.
 */
@Global()
@UsesSettings(jobsSettings)
@Module({
  imports: [DiscoveryModule],
  providers: [
    Boss,
    Jobs,
    Events,
    JobWorkers,
    QueueMetrics,
    OperationHandlers,
    OperationStore,
    Operations,
    OperationWorker,
  ],
  exports: [Jobs, Events, Operations],
})
export class JobsModule {}

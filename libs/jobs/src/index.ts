export {
  defineEvent,
  EventHandler,
  type DomainEvent,
  type EventHandlerOptions,
  type HandlesEvent,
} from './event.ts';
export { Events } from './events.ts';
export { JobHandler, type HandlesJob, type Job, type JobHandlerOptions } from './job-handler.ts';
export { JobsModule } from './jobs.module.ts';
export { Jobs, type EnqueueOptions } from './jobs.ts';
export { jobsMigrations } from './migrations.ts';
export { CancelOperationTool } from './operations/cancel-operation.tool.ts';
export { CheckOperationStatusTool } from './operations/check-operation-status.tool.ts';
export {
  defineOperation,
  OperationHandler,
  type Checkpoint,
  type OperationContract,
  type OperationRun,
  type Owner,
  type Progress,
  type RunsOperation,
} from './operations/operation.ts';
export { operationView, type OperationView } from './operations/operation-view.ts';
export { Operations, type Caller } from './operations/operations.ts';
export { defineQueue, type Queue, type QueueInput, type QueuePolicy } from './queue.ts';
export { Schedule, type RunsOnSchedule, type ScheduleOptions } from './schedule.ts';
export { jobsSettings } from './settings.ts';

import { asGantryError } from '@gantry/errors';
import { runInContext } from '@gantry/observability';
import type { Database } from '@gantry/postgres';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { envelope, open } from './envelope.ts';
import type { Job } from './job-handler.ts';
import type { Queue } from './queue.ts';
import { unitOfWorkDb } from './unit-of-work-db.ts';

/** Handles a payload, of whatever type. */
export interface PayloadHandler {
  handle(payload: unknown, job: Job): Promise<void>;
}

/** One attempt at a job of a queue: resolves when it is done and recorded as done. */
export type Attempt = (boss: PgBoss, job: JobWithMetadata<unknown>) => Promise<void>;

/** An attempt for the tenant that the library has written into the envelope. */
export function tenantAttempt(
  database: Database,
  queue: Queue,
  handler: PayloadHandler,
  ownTransactions: boolean,
): Attempt {
  return async (boss, job) => {
    const { tenant, request_id: requestId = job.id, payload } = open(envelope, job.data);
    const input = open(queue.payload, payload);
    const { id, signal } = job;
    const handle = () => handler.handle(input, { id, attempt: job.retryCount + 1, tenant, signal });
    await runInContext({ requestId, tenant, tool: queue.name }, () =>
      ownTransactions
        ? handle()
        : database.write({ tenant, signal }, async () => {
            await handle();
            await complete(boss, job, database);
          }),
    );
  };
}

/** Ends the job in the unit of work that did it. Both stand, or neither. */
async function complete(
  boss: PgBoss,
  { name, id, retryCount }: JobWithMetadata<unknown>,
  database: Database,
): Promise<void> {
  const response = await boss.complete(name, { id, retryCount }, null, { db: unitOfWorkDb(database) });
  if ((response as { affected?: number }).affected !== 1) {
    throw new Error('The job was given to another replica while it was handled, so this attempt is undone.');
  }
}

/** What is kept of a failed attempt: enough to find its story in the logs, and nothing that should stay there. */
export function failureOf(thrown: unknown): { error: ReturnType<typeof asGantryError>; output: object } {
  const error = asGantryError(thrown);
  return { error, output: { code: error.code, message: error.message, error_id: error.errorId } };
}

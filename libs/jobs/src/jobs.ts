import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Boss } from './boss.ts';
import { wrap } from './envelope.ts';
import type { Queue } from './queue.ts';
import { unitOfWorkDb } from './unit-of-work-db.ts';

/** What may be said of a job beside its payload. */
export interface EnqueueOptions {
  /** Not before: seconds from now, or a time. */
  readonly startAfter?: number | Date;
  /** For queues with a policy other than `standard`: jobs of a tenant with the same key count as the same. */
  readonly singletonKey?: string;
  /** Higher goes first; 0 unless told. */
  readonly priority?: number;
}

/** Work for later, on any replica. */
@Injectable()
export class Jobs {
  constructor(
    private readonly boss: Boss,
    private readonly database: Database,
  ) {}

  /**
   * Adds a job in the current unit of work, for its tenant: the job is there if, and as soon as, the unit of work
   * commits.
   *
   * @returns the id of the job; `undefined` if the queue's policy left it out, because there is one already
   * @throws GantryError `validation_error` if the payload does not fit the queue
   */
  async enqueue<Payload extends z.ZodType>(
    queue: Queue<Payload>,
    payload: z.input<Payload>,
    options: EnqueueOptions = {},
  ): Promise<string | undefined> {
    const { singletonKey = '', startAfter, priority } = options;
    if (singletonKey && queue.policy === 'standard') {
      throw new Error(`The queue ${queue.name} has no policy that a singleton key could serve.`);
    }
    const envelope = await wrap(this.database, queue.payload, payload);
    const id = await this.boss.running.send(queue.name, envelope, {
      db: unitOfWorkDb(this.database),
      // Without the tenant in it, the job of one tenant would keep out that of another.
      ...(queue.policy !== 'standard' && { singletonKey: `${envelope.tenant}/${singletonKey}` }),
      ...(startAfter !== undefined && { startAfter }),
      ...(priority !== undefined && { priority }),
    });
    return id ?? undefined;
  }
}

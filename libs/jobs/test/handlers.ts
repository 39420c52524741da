import { setTimeout as sleep } from 'node:timers/promises';
import { businessError } from '@gantry/errors';
import { currentContext } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineQueue, JobHandler, type HandlesJob, type Job } from '../src/index.ts';
import { addThing } from './replica.ts';

const thing = z.strictObject({ name: z.string().min(1), wait_ms: z.number().optional() });

/** Adds the thing named in the payload. */
export const additions = defineQueue({ name: 'additions', payload: thing, notify: true });

/** Fails before it succeeds. */
export const failures = defineQueue({
  name: 'failures',
  payload: z.strictObject({ name: z.string(), failures: z.number(), final: z.boolean().optional() }),
  retries: 2,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
});

/** One waiting job per key. */
export const singles = defineQueue({ name: 'singles', payload: thing, policy: 'exclusive' });

/** Too slow at first. */
export const slow = defineQueue({ name: 'slow', payload: thing, timeoutSeconds: 1, retryDelayMaxSeconds: 1 });

/** Handled without a transaction around it. */
export const outside = defineQueue({ name: 'outside', payload: thing });

/** What happened in this process. */
export const seen: {
  name: string;
  attempt: number;
  tenant: string;
  requestId: string | undefined;
  active: number;
}[] = [];
let active = 0;

@Injectable()
@JobHandler({ queue: additions, concurrency: 4 })
export class Adder implements HandlesJob<typeof additions> {
  constructor(private readonly database: Database) {}

  async handle({ name, wait_ms = 0 }: z.output<typeof thing>, { attempt, tenant }: Job): Promise<void> {
    active += 1;
    seen.push({ name, attempt, tenant, requestId: currentContext()?.requestId, active });
    try {
      await addThing(this.database, name, tenant);
      await sleep(wait_ms);
    } finally {
      active -= 1;
    }
  }
}

@Injectable()
@JobHandler({ queue: failures })
export class Failer implements HandlesJob<typeof failures> {
  constructor(private readonly database: Database) {}

  async handle(payload: z.output<(typeof failures)['payload']>, { attempt, tenant }: Job): Promise<void> {
    const { name, failures: wanted, final } = payload;
    seen.push({ name, attempt, tenant, requestId: undefined, active });
    await addThing(this.database, name, tenant);
    if (final) throw businessError('thing_refused', 'No.', 'Do not.');
    if (attempt <= wanted) throw new Error('It did not work.');
  }
}

@Injectable()
@JobHandler({ queue: singles })
export class Single implements HandlesJob<typeof singles> {
  constructor(private readonly database: Database) {}

  handle({ name }: z.output<typeof thing>, { tenant }: Job): Promise<void> {
    return addThing(this.database, name, tenant);
  }
}

@Injectable()
@JobHandler({ queue: outside, ownTransactions: true })
export class Outside implements HandlesJob<typeof outside> {
  constructor(private readonly database: Database) {}

  async handle({ name }: z.output<typeof thing>, { tenant, signal }: Job): Promise<void> {
    for (const part of ['a', 'b']) {
      await this.database.write({ tenant, signal }, () => addThing(this.database, `${name} ${part}`, tenant));
    }
  }
}

@Injectable()
@JobHandler({ queue: slow })
export class Slow implements HandlesJob<typeof slow> {
  constructor(private readonly database: Database) {}

  async handle({ name }: z.output<typeof thing>, { tenant, attempt }: Job): Promise<void> {
    await addThing(this.database, `${name} ${attempt}`, tenant);
    if (attempt === 1) await sleep(3_000);
  }
}

export const handlers = [Slow, Adder, Failer, Single, Outside];

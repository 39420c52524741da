import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineEvent, EventHandler, type HandlesEvent, type Job } from '../src/index.ts';
import { addThing } from './replica.ts';

const payload = z.strictObject({ name: z.string() });

export const thingMade = defineEvent({ name: 'thing.made', version: 1, payload });
export const thingMade2 = defineEvent({
  name: 'thing.made',
  version: 2,
  payload: payload.extend({ by: z.string() }),
});

@Injectable()
@EventHandler({ event: thingMade, subscriber: 'first' })
export class First implements HandlesEvent<typeof thingMade> {
  constructor(private readonly database: Database) {}

  handle({ name }: z.output<typeof payload>, { tenant }: Job): Promise<void> {
    return addThing(this.database, `${name} first`, tenant);
  }
}

/** Fails once. */
@Injectable()
@EventHandler({ event: thingMade, subscriber: 'second' })
export class Second implements HandlesEvent<typeof thingMade> {
  constructor(private readonly database: Database) {}

  async handle({ name }: z.output<typeof payload>, { tenant, attempt }: Job): Promise<void> {
    await addThing(this.database, `${name} second ${attempt}`, tenant);
    if (attempt === 1) throw new Error('Not yet.');
  }
}

@Injectable()
@EventHandler({ event: thingMade2, subscriber: 'first' })
export class FirstOfVersion2 implements HandlesEvent<typeof thingMade2> {
  constructor(private readonly database: Database) {}

  handle({ name, by }: z.output<(typeof thingMade2)['payload']>, { tenant }: Job): Promise<void> {
    return addThing(this.database, `${name} by ${by}`, tenant);
  }
}

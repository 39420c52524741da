import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Boss } from './boss.ts';
import { wrap } from './envelope.ts';
import { eventId, type DomainEvent } from './event.ts';
import { unitOfWorkDb } from './unit-of-work-db.ts';

/** What happened, for whoever wants to know. */
@Injectable()
export class Events {
  constructor(
    private readonly boss: Boss,
    private readonly database: Database,
  ) {}

  /**
   * Publishes in the current unit of work: every subscriber gets the event, in a job of its own, if the unit of work
   * commits.
   *
   * @throws GantryError `validation_error` if the payload does not fit the event
   */
  async publish<Payload extends z.ZodType>(
    event: DomainEvent<Payload>,
    payload: z.input<Payload>,
  ): Promise<void> {
    const envelope = await wrap(this.database, event.payload, payload);
    const boss = this.boss.running;
    const db = unitOfWorkDb(this.database);
    // Not by pg-boss's publish: it asks who subscribes over another connection, and if that breaks, or this one does,
    // its error no longer says that the call may be repeated.
    const subscribers = await this.database.sql<{ name: string }[]>`
      select name from pgboss.subscription where event = ${eventId(event)}`;
    for (const { name } of subscribers) await boss.send(name, envelope, { db });
  }
}

import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { Schedule, type RunsOnSchedule } from '../src/index.ts';
import { addThing } from './replica.ts';

/** Adds a thing named by the minute. */
@Injectable()
@Schedule({ name: 'ticker', cron: '* * * * *', timezone: 'Europe/Berlin' })
export class Ticker implements RunsOnSchedule {
  constructor(private readonly database: Database) {}

  async run(): Promise<void> {
    const minute = new Date().toISOString().slice(0, 16);
    await this.database.write({ tenant: 'clock' }, () => addThing(this.database, minute, 'clock'));
  }
}

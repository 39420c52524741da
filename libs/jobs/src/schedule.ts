import { classMark } from '@gantry/pipeline';
import { z } from 'zod';
import { defineQueue, type Queue } from './queue.ts';

/** Does what is due. */
export interface RunsOnSchedule {
  /** Belongs to no tenant and gets no unit of work. May run again if it fails or its replica dies. */
  run(signal: AbortSignal): Promise<void>;
}

/** When something is due. */
export interface ScheduleOptions {
  /** Stable: the queue behind it is called by it. */
  readonly name: string;
  /** Five fields, from the minute on: `0 3 * * *`. */
  readonly cron: string;
  /** IANA name; UTC unless told. */
  readonly timezone?: string;
}

const schedules = classMark<ScheduleOptions>('schedule');

/**
 * Marks a provider as something to be run by the clock, once per tick in the whole fleet.
 *
 * @example
 * ```ts
 * \@Schedule({ name: 'nightly-report', cron: '0 3 * * *' })
 * export class NightlyReport implements RunsOnSchedule { … }
 * ```
 */
export function Schedule(options: ScheduleOptions) {
  return (target: abstract new (...args: never[]) => RunsOnSchedule): void => schedules.on(target, options);
}

/** What a class was marked with, if it was. */
export function scheduleOptionsOf(type: unknown): ScheduleOptions | undefined {
  return schedules.of(type);
}

/** Ticks that come while an earlier one still waits are one. */
export function scheduleQueue({ name }: ScheduleOptions): Queue {
  return defineQueue({ name: `schedule.${name}`, payload: z.unknown(), policy: 'short' });
}

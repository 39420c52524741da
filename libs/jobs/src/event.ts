import { classMark } from '@gantry/pipeline';
import type { z } from 'zod';
import type { Job } from './job-handler.ts';
import { defineQueue, type Queue } from './queue.ts';

/** Something that happened in the domain, which others may want to know. */
export interface DomainEvent<Payload extends z.ZodType = z.ZodType> {
  /** In the past tense, by its subject: `order.placed`. */
  readonly name: string;
  /**
   * A payload that old subscribers would not understand is a new version: publish both until every subscriber has
   * moved. Additions that may be absent are not.
   */
  readonly version: number;
  readonly payload: Payload;
}

/** Reacts to an event. */
export interface HandlesEvent<Event extends DomainEvent> {
  /** Like the handling of a job: in a unit of work of the tenant in which the event was published. */
  handle(payload: z.output<Event['payload']>, job: Job): Promise<void>;
}

/** How a subscriber is run. */
export interface EventHandlerOptions<Event extends DomainEvent = DomainEvent> {
  readonly event: Event;
  /** Stable name of the subscriber: its queue is called by it. */
  readonly subscriber: string;
  /** Events at once on each replica; 1 unless told. */
  readonly concurrency?: number;
  /** As for a job handler. */
  readonly ownTransactions?: boolean;
}

/**
 * Gives an event its type.
 *
 * @example
 * ```ts
 * export const orderPlaced = defineEvent({ name: 'order.placed', version: 1, payload: z.object({ order_id: OrderId }) });
 * ```
 */
export function defineEvent<Payload extends z.ZodType>(event: DomainEvent<Payload>): DomainEvent<Payload> {
  return event;
}

const handlers = classMark<EventHandlerOptions>('event-handler');

/** Marks a provider as a durable subscriber of an event: it gets every event published once it has been deployed. */
export function EventHandler<Event extends DomainEvent>(options: EventHandlerOptions<Event>) {
  return (target: abstract new (...args: never[]) => HandlesEvent<Event>): void =>
    handlers.on(target, options);
}

/** What a class was marked with, if it was. */
export function eventHandlerOptionsOf(type: unknown): EventHandlerOptions | undefined {
  return handlers.of(type);
}

/** Name and version: what subscriptions are made to. */
export function eventId({ name, version }: DomainEvent): string {
  return `${name}.v${version}`;
}

/** Each subscriber has a queue of its own, so none waits for another. */
export function subscriberQueue({ event, subscriber }: EventHandlerOptions): Queue {
  return defineQueue({ name: `${eventId(event)}.${subscriber}`, payload: event.payload });
}

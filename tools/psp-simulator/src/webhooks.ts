import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Books } from './books.ts';
import { unixSeconds, type Event } from './objects.ts';

/** Where webhooks go, and what they are signed with. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
  /** Pauses before an event that was not acknowledged is sent again; after the last one it waits for a restart. */
  readonly retryMs?: readonly number[];
}

/** What goes wrong with webhooks, as the control API takes it. */
export const webhookBehaviour = z.strictObject({
  /** Nothing is sent until it is released. */
  hold: z.boolean().default(false),
  /** Each event is sent so many times more. */
  duplicates: z.int().min(0).max(10).default(0),
  /** Each sending waits for up to so long, so that later events overtake earlier ones. */
  scatterMs: z.int().min(0).max(60_000).default(0),
});

/** In which order held events are let go. */
export const RELEASE_ORDERS = ['created', 'reversed', 'shuffled'] as const;
export type ReleaseOrder = (typeof RELEASE_ORDERS)[number];

const RETRY_MS = [200, 1_000, 5_000, 15_000, 60_000, 300_000];
const ANSWER_WITHIN_MS = 10_000;

/** Sends the events of the books, at least once each. */
export class Webhooks {
  readonly #books: Books;
  readonly #target: WebhookTarget | undefined;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  readonly #taken = new Set<string>();
  #behaviour = webhookBehaviour.parse({});

  constructor(books: Books, target: WebhookTarget | undefined, random: () => number) {
    this.#books = books;
    this.#target = target;
    this.#random = random;
  }

  /** Changes what goes wrong from now on; what is left out goes well. */
  behave(behaviour: z.input<typeof webhookBehaviour>): void {
    this.#behaviour = webhookBehaviour.parse(behaviour);
    this.send();
  }

  /** Events that wait to be released, oldest first. */
  get held(): readonly Event[] {
    return [...this.#books.undelivered.values()].filter(({ id }) => !this.#taken.has(id));
  }

  /** Sends what is held, one after the other, in this order, and holds on to what comes later. Resolves when it is sent. */
  async release(order: ReleaseOrder = 'created'): Promise<void> {
    const events = [...this.held];
    if (order === 'reversed') events.reverse();
    if (order === 'shuffled') shuffle(events, this.#random);
    for (const event of events) this.#taken.add(event.id);
    for (const event of events) await this.#track(this.#deliver(event));
  }

  /** Sends everything that is neither held nor being sent. Called after each commit. */
  send(): void {
    if (this.#behaviour.hold || this.#target === undefined) return;
    for (const event of this.held) {
      this.#taken.add(event.id);
      void this.#track(this.#deliver(event));
    }
  }

  /** Resolves when nothing is being sent any more. */
  async settled(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.settled();
  }

  async #track(delivery: Promise<void>): Promise<void> {
    // What the closing interrupts is sent after the next start.
    const tracked = delivery.catch(() => {}).finally(() => this.#sending.delete(tracked));
    this.#sending.add(tracked);
    await tracked;
  }

  async #deliver(event: Event): Promise<void> {
    const { signal } = this.#closing;
    const { duplicates, scatterMs } = this.#behaviour;
    const copies = Array.from({ length: duplicates + 1 }, async () => {
      if (scatterMs > 0) await pause(this.#random() * scatterMs, undefined, { signal });
      return this.#acknowledged(event);
    });
    let delivered = (await Promise.all(copies)).includes(true);
    for (const ms of this.#target?.retryMs ?? RETRY_MS) {
      if (delivered) break;
      await pause(ms, undefined, { signal });
      delivered = await this.#acknowledged(event);
    }
    if (!delivered) return;
    this.#books.record({ delivered: event.id });
    this.#books.commit();
    this.#taken.delete(event.id);
  }

  async #acknowledged(event: Event): Promise<boolean> {
    const { url, secret } = this.#target!;
    const body = JSON.stringify(event, undefined, 2);
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signature(body, secret),
        },
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** What `Stripe-Signature` holds: the time of sending, and an HMAC over it and the body. */
export function signature(body: string, secret: string, timestamp = unixSeconds()): string {
  const v1 = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return `t=${timestamp},v1=${v1}`;
}

function shuffle(events: Event[], random: () => number): void {
  for (let last = events.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [events[last], events[other]] = [events[other]!, events[last]!];
  }
}

import type { Charge, Event, PaymentIntent, Refund } from './objects.ts';

/** What a request did to money or to what money can be taken from. */
export type EffectKind =
  | 'intent_created'
  | 'authorized'
  | 'charged'
  | 'captured'
  | 'declined'
  | 'canceled'
  | 'refunded'
  | 'refund_failed';

/** One effect of one request, or of what happened without one. A replayed answer has none. */
export interface Effect {
  readonly kind: EffectKind;
  readonly payment_intent: string;
  /** Of the charge or refund; of the intent where there is neither. */
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly idempotency_key: string | null;
  /** Of the refund for a refund, of the intent for the rest. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
}

/** The answer to a finished request, kept for its idempotency key. */
export interface KeptAnswer {
  readonly key: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly request_id: string;
  readonly created: number;
}

/** One change of the books, as the journal keeps it. */
export type Change =
  | { readonly intent: PaymentIntent }
  | { readonly charge: Charge }
  | { readonly refund: Refund }
  | { readonly effect: Effect }
  | { readonly event: Event }
  | { readonly delivered: string }
  | { readonly answer: KeptAnswer }
  | { readonly answersForgotten: true };

/**
 * Everything the simulator knows. All changes of one request, its answer included, are committed together: what a
 * killed simulator had not written down has not happened.
 */
export class Books {
  readonly intents = new Map<string, PaymentIntent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly effects: Effect[] = [];
  readonly answers = new Map<string, KeptAnswer>();
  /** Events whose webhook was not acknowledged yet, oldest first. */
  readonly undelivered = new Map<string, Event>();
  /** Whether there is anybody to send webhooks to; if not, no event is made. */
  readonly eventsWanted: boolean;
  readonly #write: (changes: readonly Change[]) => void;
  #pending: Change[] = [];

  /** `write` is told of all changes that belong together, before anybody else hears of them. */
  constructor({
    history = [],
    write = () => {},
    eventsWanted = false,
  }: {
    history?: readonly Change[];
    write?: (changes: readonly Change[]) => void;
    eventsWanted?: boolean;
  } = {}) {
    this.#write = write;
    this.eventsWanted = eventsWanted;
    for (const change of history) this.#apply(change);
  }

  /** Makes a change that is kept with the next {@link commit}. */
  record(change: Change): void {
    this.#apply(change);
    this.#pending.push(change);
  }

  /** Keeps what was recorded. */
  commit(): void {
    const changes = this.#pending;
    this.#pending = [];
    if (changes.length > 0) this.#write(changes);
  }

  #apply(change: Change): void {
    if ('intent' in change) this.intents.set(change.intent.id, change.intent);
    else if ('charge' in change) this.charges.set(change.charge.id, change.charge);
    else if ('refund' in change) this.refunds.set(change.refund.id, change.refund);
    else if ('effect' in change) this.effects.push(change.effect);
    else if ('event' in change) this.undelivered.set(change.event.id, change.event);
    else if ('delivered' in change) this.undelivered.delete(change.delivered);
    else if ('answer' in change) this.answers.set(change.answer.key, change.answer);
    else this.answers.clear();
  }
}

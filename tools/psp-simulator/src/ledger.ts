import type { Books, Effect, EffectKind } from './books.ts';
import type { Charge, PaymentIntent, Refund } from './objects.ts';

/** What the provider's side of the truth is, for tests and for people. Oldest first. */
export interface Ledger {
  readonly payment_intents: readonly PaymentIntent[];
  readonly charges: readonly Charge[];
  readonly refunds: readonly Refund[];
  readonly effects: readonly Effect[];
  /** In each currency, in its smallest unit. */
  readonly totals: Readonly<Record<string, { readonly captured: number; readonly refunded: number }>>;
}

/** Which effects to count. */
export interface EffectFilter {
  readonly kind?: EffectKind;
  readonly payment_intent?: string;
  readonly idempotency_key?: string;
  /** All of these pairs. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export function ledgerOf({ intents, charges, refunds, effects }: Books): Ledger {
  const totals: Record<string, { captured: number; refunded: number }> = {};
  for (const { currency, amount_captured, amount_refunded } of charges.values()) {
    const total = (totals[currency] ??= { captured: 0, refunded: 0 });
    total.captured += amount_captured;
    total.refunded += amount_refunded;
  }
  return {
    payment_intents: [...intents.values()],
    charges: [...charges.values()],
    refunds: [...refunds.values()],
    effects: [...effects],
    totals,
  };
}

export function effectsOf({ effects }: Books, filter: EffectFilter): Effect[] {
  const { metadata = {}, ...fields } = filter;
  return effects.filter(
    (effect) =>
      Object.entries(fields).every(([name, value]) => effect[name as keyof typeof fields] === value) &&
      Object.entries(metadata).every(([name, value]) => effect.metadata[name] === value),
  );
}

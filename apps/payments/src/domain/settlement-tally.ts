import type { PostingKind } from './posting.ts';
import type { ProviderMovement } from './settlement.ts';

/** Sums by currency, in minor units, as text: they outgrow a number, and JSON has no larger ones. */
export type Sums = Readonly<Record<string, string>>;

/** How many lines there were, by category. */
export type CategoryCounts = Readonly<Record<string, number>>;

/** Stripe has about forty categories. Of a file with more, the others are counted together. */
const MOST_CATEGORIES = 50;

/** Where lines of too many categories are counted. */
const OTHER = 'other';

/** Does it increase what the provider has to pay out, or reduce it? */
export function signOf(kind: PostingKind): 1 | -1 {
  return kind === 'refund' ? -1 : 1;
}

/** What movements come to. */
export function sumsOf(movements: readonly ProviderMovement[]): Sums {
  const sums = new Map<string, number>();
  // A batch of twelve digits each stays far below what a number holds exactly.
  for (const { kind, amount, currency } of movements)
    sums.set(currency, (sums.get(currency) ?? 0) + signOf(kind) * amount);
  return Object.fromEntries([...sums].map(([currency, sum]) => [currency, String(sum)]));
}

/** Both together. */
export function addSums(some: Sums, more: Sums): Sums {
  const sums = new Map(Object.entries(some));
  for (const [currency, sum] of Object.entries(more))
    sums.set(currency, String(BigInt(sums.get(currency) ?? 0) + BigInt(sum)));
  return Object.fromEntries(sums);
}

/** Counts further lines. */
export function addCategories(counts: CategoryCounts, categories: readonly string[]): CategoryCounts {
  const counted = new Map(Object.entries(counts));
  for (const category of categories) {
    const name = counted.has(category) || counted.size < MOST_CATEGORIES ? category : OTHER;
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counted);
}

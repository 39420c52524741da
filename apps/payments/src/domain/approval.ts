import { isCurrency, MAX_AMOUNT, type Money } from '@gantry/money';
import type { Actor, Payment } from './payment.ts';
import { approvalNotPossible, ownApproval } from './refusals.ts';

/** How somebody was asked: a second principal by approve_payment, or the caller's own user through the client. */
export const APPROVAL_METHODS = ['second_principal', 'elicitation'] as const;

/** What somebody decided about a payment above the threshold. One per payment, for good. */
export interface Approval {
  readonly paymentId: string;
  readonly decision: 'approved' | 'rejected';
  readonly method: (typeof APPROVAL_METHODS)[number];
  readonly decidedBy: Actor;
  readonly reason: string | null;
  /** The call in which it was decided. */
  readonly requestId: string;
  /** ISO 8601, UTC. */
  readonly decidedAt: string;
}

/**
 * Which payments need somebody's approval: those above the threshold of their currency. As soon as there is any
 * threshold, a currency without one always needs approval; amounts of different currencies cannot be compared.
 */
export class ApprovalRule {
  readonly #thresholds: ReadonlyMap<string, number>;

  private constructor(thresholds: ReadonlyMap<string, number>) {
    this.#thresholds = thresholds;
  }

  /**
   * Reads thresholds such as `EUR=100000,JPY=150000`, in minor units. An empty text means that nothing needs approval.
   *
   * @throws RangeError that names the first part that is wrong
   */
  static parse(text: string): ApprovalRule {
    const thresholds = new Map<string, number>();
    for (const part of text.split(',').map((piece) => piece.trim())) {
      if (part === '') continue;
      const [, currency = '', digits = ''] = /^([A-Z]{3})\s*=\s*(\d{1,12})$/.exec(part) ?? [];
      if (!isCurrency(currency)) {
        throw new RangeError(
          `"${part}" is no threshold: write a currency and minor units, such as EUR=100000.`,
        );
      }
      if (thresholds.has(currency)) throw new RangeError(`There are two thresholds for ${currency}.`);
      thresholds.set(currency, Number(digits));
    }
    return new ApprovalRule(thresholds);
  }

  /** Does this payment need approval? An amount equal to the threshold does not. */
  requiresApproval({ amount, currency }: Money): boolean {
    return amount > (this.#thresholds.get(currency) ?? (this.#thresholds.size === 0 ? MAX_AMOUNT : 0));
  }
}

/**
 * Somebody may decide about a payment that waits for it and that somebody else asked for.
 *
 * @throws GantryError `approval_not_possible`
 */
export function expectDecidableBy(payment: Payment, actor: Actor): void {
  if (payment.state !== 'approval_required') throw approvalNotPossible(payment.id, payment.state);
  // Another client of the same person is the same person.
  if (payment.createdBy.subject === actor.subject) throw ownApproval(payment.id);
}

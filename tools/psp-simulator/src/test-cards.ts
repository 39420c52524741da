/** What happens when a payment method is charged. */
export type CardOutcome =
  | { readonly kind: 'approved' }
  | { readonly kind: 'requires_action' }
  | {
      readonly kind: 'declined';
      readonly code: string;
      readonly decline_code?: string;
      readonly message: string;
    };

const APPROVED: CardOutcome = { kind: 'approved' };

const DECLINED = declinedBy('generic_decline');
const INSUFFICIENT_FUNDS = declinedBy('insufficient_funds', 'Your card has insufficient funds.');

/** Stripe's test payment methods that the simulator knows. */
const TEST_CARDS: ReadonlyMap<string, CardOutcome> = new Map(
  Object.entries<CardOutcome>({
    pm_card_visa: APPROVED,
    pm_card_visa_debit: APPROVED,
    pm_card_mastercard: APPROVED,
    pm_card_mastercard_debit: APPROVED,
    pm_card_mastercard_prepaid: APPROVED,
    pm_card_amex: APPROVED,
    pm_card_discover: APPROVED,
    pm_card_diners: APPROVED,
    pm_card_jcb: APPROVED,
    pm_card_unionpay: APPROVED,
    pm_card_chargeDeclined: DECLINED,
    pm_card_visa_chargeDeclined: DECLINED,
    pm_card_chargeDeclinedInsufficientFunds: INSUFFICIENT_FUNDS,
    pm_card_visa_chargeDeclinedInsufficientFunds: INSUFFICIENT_FUNDS,
    pm_card_visa_chargeDeclinedLostCard: declinedBy('lost_card'),
    pm_card_visa_chargeDeclinedStolenCard: declinedBy('stolen_card'),
    pm_card_chargeDeclinedFraudulent: declinedBy('fraudulent'),
    pm_card_visa_chargeDeclinedVelocityLimitExceeded: declinedBy('card_velocity_exceeded'),
    pm_card_chargeDeclinedExpiredCard: failed('expired_card', 'Your card has expired.'),
    pm_card_chargeDeclinedIncorrectCvc: failed('incorrect_cvc', "Your card's security code is incorrect."),
    pm_card_chargeDeclinedProcessingError: failed(
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
    ),
    pm_card_authenticationRequired: { kind: 'requires_action' },
    pm_card_threeDSecure2Required: { kind: 'requires_action' },
  }),
);

/** What charging this payment method will do; undefined if there is no such payment method. */
export function cardOutcome(paymentMethod: string): CardOutcome | undefined {
  return TEST_CARDS.get(paymentMethod);
}

/** The issuer of the card says no. */
function declinedBy(decline_code: string, message = 'Your card was declined.'): CardOutcome {
  return { kind: 'declined', code: 'card_declined', decline_code, message };
}

/** It does not come to asking the issuer. */
function failed(code: string, message: string): CardOutcome {
  return { kind: 'declined', code, message };
}

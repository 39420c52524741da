import { REQUEST_REFUSALS } from '../domain/operation-refusals.ts';
import { DECLINE_CODES } from '../domain/refusals.ts';
import { CARD_NUMBER_REFUSED, NO_CARD_NUMBERS } from './inputs.ts';

/** What both tools that charge may answer with. */
export const CHARGE_ERRORS: readonly string[] = [
  ...DECLINE_CODES,
  ...REQUEST_REFUSALS,
  'payment_failed',
  'payment_cancelled',
  'approval_required',
  'approval_rejected',
  'approval_expired',
  CARD_NUMBER_REFUSED,
];

/** Money leaves the building: fewer calls, and time for a provider that is slow. */
export const CHARGE_LIMITS = { callsPerMinute: 60, concurrent: 50, deadlineMs: 30_000 };

/** What their descriptions say of it. */
export const CHARGE_ERRORS_TOLD =
  'Errors: card_declined, insufficient_funds, card_expired, authentication_required, payment_method_invalid (ask for ' +
  'another payment method), amount_not_accepted, currency_not_supported, request_refused (the provider cannot do it: ' +
  'change it or tell the user), approval_required (somebody else has to call approve_payment, then repeat this call), ' +
  'approval_rejected (stop, tell the user), approval_expired, payment_failed, payment_cancelled (nothing was charged; make a new payment ' +
  `if it is still wanted), ${NO_CARD_NUMBERS}. At most ${CHARGE_LIMITS.callsPerMinute} calls a minute.`;

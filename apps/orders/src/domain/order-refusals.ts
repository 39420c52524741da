import { businessError, type GantryError } from '@gantry/errors';
import type { OrderState } from './order-state-machine.ts';

/** No such order, or none that this tenant may know of. */
export function orderNotFound(id: string): GantryError {
  return businessError('order_not_found', `There is no order ${id}.`, 'Check the id; see list_orders.');
}

/** Products that the catalogue does not have, as they were asked for. */
export function orderedProductsNotFound(asked: readonly string[]): GantryError {
  return businessError(
    'product_not_found',
    `The catalogue has no product ${asked.join(', ')}.`,
    'Find the right ones with search_products, then call create_order with them and a new idempotency_key.',
    { details: { products: asked } },
  );
}

/** Products that are in the catalogue, and no longer sold. */
export function productsNotSold(skus: readonly string[]): GantryError {
  return businessError(
    'product_not_available',
    `No longer sold: ${skus.join(', ')}.`,
    'Look for a replacement with search_products and ask the customer; then call create_order with a new idempotency_key.',
    { details: { skus } },
  );
}

/** An order is paid in one currency. */
export function currencyMismatch(currencies: readonly string[]): GantryError {
  return businessError(
    'currency_mismatch',
    `The lines have prices in ${currencies.join(' and ')}; an order has one currency.`,
    'Make one order for each currency, each with its own idempotency_key.',
    { details: { currencies } },
  );
}

/** Some lines have a price of their own, and whoever asks may give none. */
export function pricingNotPermitted(lines: readonly number[]): GantryError {
  return businessError(
    'pricing_not_permitted',
    `Negotiated prices need the scope orders:pricing, which was not granted (line ${lines.join(', ')}).`,
    'Leave out unit_price and discount_basis_points, so that the catalogue prices the order, or have somebody with the scope orders:pricing place it. Do not promise the customer another price.',
    { details: { required_scopes: ['orders:pricing'], lines } },
  );
}

/** Nothing to pay, or more than can be paid at once. */
export function orderTotalOutOfRange(total: number, max: number): GantryError {
  const isTooLarge = total > max;
  return businessError(
    'order_total_out_of_range',
    isTooLarge ? 'The order is larger than can be paid at once.' : 'The order as a whole costs nothing.',
    isTooLarge
      ? 'Split it into several orders, each with its own idempotency_key.'
      : 'Free lines need at least one line that costs something; check unit_price and discount_basis_points.',
    { details: { min: 1, max } },
  );
}

/** A payment of the order is under way: what becomes of it has to be known first. Passes by itself. */
export function orderPaymentPending(id: string): GantryError {
  return businessError(
    'order_payment_pending',
    `A payment of order ${id} is under way; nothing else can be done with the order until its outcome is known.`,
    'Wait retry_after_seconds and look with get_order: once the order is paid or payment_failed, decide again.',
    { retryable: true, retryAfterSeconds: 10, details: { order_id: id, state: 'payment_pending' } },
  );
}

const NEW_ORDER = 'if the goods are still wanted, make a new one with create_order and a new idempotency_key';

/** What to do instead of something that the state of an order does not allow. */
const INSTEAD: Record<Exclude<OrderState, 'payment_pending'>, string> = {
  placed: 'It is not paid: call pay_order to have it paid, or cancel_order to call it off.',
  payment_failed:
    'Its payment failed: call pay_order with another payment method, or cancel_order to call it off.',
  paid: 'It is paid and not sent: call ship_order to send it, or cancel_order to call it off and refund it.',
  shipped:
    'It has been sent: call ship_order with delivered true once it has arrived, or return_order if it came back.',
  delivered: 'The customer has it: call return_order if it came back.',
  cancelled: `It is cancelled: nothing is left to do; ${NEW_ORDER}.`,
  returned: `It was returned: nothing is left to do; ${NEW_ORDER}.`,
};

function notInThisState(code: string, done: string, id: string, state: OrderState): GantryError {
  if (state === 'payment_pending') return orderPaymentPending(id);
  return businessError(code, `Order ${id} is ${state}, so it cannot be ${done}.`, INSTEAD[state], {
    details: { order_id: id, state },
  });
}

/** The order is paid already, or over. */
export function orderNotPayable(id: string, state: OrderState): GantryError {
  return notInThisState('order_not_payable', 'paid', id, state);
}

/** The order has been sent, or is over. */
export function orderNotCancellable(id: string, state: OrderState): GantryError {
  return notInThisState('order_not_cancellable', 'cancelled', id, state);
}

/** The order is not paid, or has been sent. */
export function orderNotShippable(id: string, state: OrderState): GantryError {
  return notInThisState('order_not_shippable', 'shipped', id, state);
}

/** The order is not on its way. */
export function orderNotDeliverable(id: string, state: OrderState): GantryError {
  return notInThisState('order_not_deliverable', 'delivered', id, state);
}

/** The order has not been sent, or is over. */
export function orderNotReturnable(id: string, state: OrderState): GantryError {
  return notInThisState('order_not_returnable', 'returned', id, state);
}

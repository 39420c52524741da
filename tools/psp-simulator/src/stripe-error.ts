import type { PaymentIntent } from './objects.ts';

/** The body of an error as Stripe sends it. */
export interface ErrorBody {
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly payment_intent?: PaymentIntent;
}

/** A request that Stripe would refuse. */
export class StripeError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: ErrorBody, headers: Readonly<Record<string, string>> = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Found before anything is executed, so no answer is kept for the idempotency key. */
export class NotExecuted extends StripeError {}

/** A parameter that is wrong in itself. */
export class InvalidParameter extends NotExecuted {
  constructor(param: string, message: string, code?: string) {
    super(400, { type: 'invalid_request_error', message, param, ...(code !== undefined && { code }) });
  }
}

/** Nothing has this id. 404 if it was in the path, 400 if it was a parameter. */
export function noSuch(kind: string, id: string, param: string, status: 400 | 404): StripeError {
  return new NotExecuted(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });
}

/** The intent is in a status in which this cannot be done. */
export function unexpectedState(
  intent: PaymentIntent,
  done: string,
  allowed: readonly string[],
): StripeError {
  return new StripeError(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `This PaymentIntent could not be ${done} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${done}: ${allowed.join(', ')}.`,
    payment_intent: intent,
  });
}

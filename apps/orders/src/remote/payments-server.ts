import { ServiceTokens } from '@gantry/auth';
import { Config } from '@gantry/config';
import { sharedError } from '@gantry/errors';
import {
  defineRemoteServer,
  RemoteRefusal,
  RemoteServers,
  type RemoteCallOptions,
  type RemoteServer,
} from '@gantry/mcp-client';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { chargeKey, type PaymentAttempt } from '../domain/payment-attempt.ts';

/** The server that takes and gives back money. */
export const paymentsServer = defineRemoteServer('payments', { scopes: ['payments:write'] });

/** On whose behalf, and for how long. */
export type RemoteErrand = Pick<RemoteCallOptions, 'tenant' | 'deadline' | 'trace'>;

/** What has become of an attempt to pay. */
export type ChargeOutcome =
  | { readonly kind: 'captured'; readonly paymentId: string }
  /** For good: no money has moved, and none will. */
  | { readonly kind: 'refused'; readonly reason: string; readonly paymentId: string | undefined }
  /** Open until somebody has decided about it. */
  | { readonly kind: 'awaiting_approval'; readonly paymentId: string | undefined };

/** What has become of a refund. */
export type RefundOutcome =
  | { readonly kind: 'refunded' }
  /** For good: the customer has not got the money. */
  | { readonly kind: 'refused'; readonly reason: string };

const payment = z.object({
  id: z.string().min(1).max(100),
  state: z.string(),
  currency: z.string(),
  amount_captured: z.int(),
  amount_refunded: z.int(),
});

/**
 * The payments server, as this service uses it. Every method may be called again at any time: what it asks for happens
 * once, as it is asked for with the same key and the same arguments.
 */
@Injectable()
export class PaymentsServer {
  readonly #server: RemoteServer;
  readonly #audience: string;

  constructor(
    servers: RemoteServers,
    private readonly tokens: ServiceTokens,
    config: Config,
  ) {
    this.#server = servers.get(paymentsServer);
    const { audience, url } = config.get(paymentsServer.settings);
    this.#audience = audience ?? url;
  }

  /**
   * To be asked before anything is begun that could not go on without: can this service act for the tenant there?
   *
   * @throws GantryError `dependency_unavailable`
   */
  async expectAccess(tenant: string): Promise<void> {
    try {
      await this.tokens.token(this.#audience, paymentsServer.scopes, tenant);
    } catch (cause) {
      throw sharedError(
        'dependency_unavailable',
        'The payments server cannot be used at the moment; nothing was begun.',
        { retryAfterSeconds: 30, cause },
      );
    }
  }

  /**
   * Takes the money of an attempt, or finds what has become of it.
   *
   * @throws GantryError if that is not known: the server is away, or has not said, or cannot be used
   */
  async charge(attempt: PaymentAttempt, errand: RemoteErrand): Promise<ChargeOutcome> {
    const { amount, currency, orderId, paymentMethod } = attempt;
    const args = {
      amount,
      currency,
      payment_method: paymentMethod,
      reference: orderId,
      description: `Order ${orderId}`,
      idempotency_key: chargeKey(attempt),
    };
    // Anything but all of the money would be another payment than the one that was asked for.
    const captured = payment.extend({
      state: z.literal('captured'),
      currency: z.literal(currency),
      amount_captured: z.literal(amount),
    });
    try {
      const { output } = await this.#server.call('process_payment', args, { ...errand, output: captured });
      return { kind: 'captured', paymentId: output.id };
    } catch (error) {
      if (!(error instanceof RemoteRefusal)) throw error;
      const { code } = error.refusal;
      const paymentId = paymentIdIn(error);
      if (code === 'approval_required') return { kind: 'awaiting_approval', paymentId };
      if (!isForGood(error)) throw error;
      return { kind: 'refused', reason: code, paymentId };
    }
  }

  /**
   * Gives back all that is left of a payment, or finds what has become of that.
   *
   * @throws GantryError if that is not known
   */
  async refund(orderId: string, paymentId: string, errand: RemoteErrand): Promise<RefundOutcome> {
    const args = { payment_id: paymentId, idempotency_key: `refund-${orderId}` };
    try {
      await this.#server.call('refund_payment', args, { ...errand, output: payment });
      return { kind: 'refunded' };
    } catch (error) {
      if (!(error instanceof RemoteRefusal) || !isForGood(error)) throw error;
      const { code, details } = error.refusal;
      // Somebody has done it by hand.
      if (code === 'payment_not_refundable' && details?.['refundable'] === 0) return { kind: 'refunded' };
      return { kind: 'refused', reason: code };
    }
  }
}

/**
 * Is it a no to this very payment? A no to this service, such as a missing scope, is for its operator, and passes; and
 * input that the server does not take will never be taken.
 */
function isForGood({ refusal: { category, code, retryable } }: RemoteRefusal): boolean {
  return !retryable && (category === 'business_error' || code === 'validation_error');
}

function paymentIdIn({ refusal: { details } }: RemoteRefusal): string | undefined {
  return payment.shape.id.safeParse(details?.['payment_id']).data;
}

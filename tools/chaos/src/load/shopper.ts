import type { Answer, PatientClient } from './patient-client.ts';
import type { Plan } from './plans.ts';

/** What a client was told of its order, for good. */
export interface Acknowledgement {
  readonly reference: string;
  readonly orderId: string;
  /** The state that the last final answer named. */
  readonly state: string;
}

/** Carries out plans, one call after the other. */
export class Shopper {
  constructor(
    private readonly client: PatientClient,
    private readonly customerId: string,
  ) {}

  /** @throws Error if an answer is not one that this plan allows */
  async carryOut({ reference, intention, lines }: Plan): Promise<Acknowledgement> {
    const placed = this.#accepted(
      await this.client.call({
        name: 'create_order',
        args: { customer_id: this.customerId, reference, lines, idempotency_key: `place-${reference}` },
      }),
    );
    const order_id = placed['id'] as string;
    const tell = (name: string, args: Record<string, unknown> = {}) =>
      this.client.call({ name, args: { order_id, ...args, idempotency_key: `${name}-${reference}` } });
    const pay = (payment_method: string) => tell('pay_order', { payment_method });
    const told = (state: unknown) => ({ reference, orderId: order_id, state: state as string });

    const cancelled = async () => this.#accepted(await tell('cancel_order', { reason: 'not wanted' }));
    if (intention === 'abandon') return told((await cancelled())['state']);
    if (intention === 'decline') {
      this.#declined(await pay('pm_card_chargeDeclined'));
      return told('payment_failed');
    }
    const paid = this.#accepted(await pay('pm_card_visa'));
    if (intention === 'keep') return told(paid['state']);
    if (intention === 'cancel') return told((await cancelled())['state']);
    const shipped = this.#accepted(await tell('ship_order'));
    if (intention === 'ship') return told(shipped['state']);
    return told(this.#accepted(await tell('return_order', { reason: 'too small' }))['state']);
  }

  #accepted({ output, error }: Answer): Readonly<Record<string, unknown>> {
    if (error) throw new Error(`refused for good: ${JSON.stringify(error)}`);
    return output;
  }

  #declined({ output, error }: Answer): void {
    if (error?.code !== 'payment_declined')
      throw new Error(`a card that is declined was not: ${JSON.stringify(error ?? output)}`);
  }
}

import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { PaymentState } from '../domain/payment-state-machine.ts';
import type { Payment, PaymentRequest, PaymentStatus } from '../domain/payment.ts';

/** Which payments to list, the latest first. */
export interface PaymentWindow {
  readonly state: PaymentState | undefined;
  readonly currency: string | undefined;
  readonly reference: string | undefined;
  /** Payments made before the one with this id. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** What changes of a payment in one step. */
export type PaymentChange = PaymentStatus & Partial<Pick<Payment, 'providerIntentId'>>;

/** The rows of `payments`, in the current unit of work. */
@Injectable()
export class PaymentStore {
  constructor(private readonly database: Database) {}

  /** Makes a payment, without money. */
  async insert(
    request: PaymentRequest,
    state: 'processing' | 'approval_required' = 'processing',
  ): Promise<Payment> {
    const [inserted] = await this.database.sql<Payment[]>`
      insert into payments (
        id, state, amount, currency, capture_method, payment_method, description, reference, created_by_subject,
        created_by_client
      )
      values (
        ${request.id}, ${state}, ${request.amount}, ${request.currency}, ${request.captureMethod},
        ${request.paymentMethod}, ${request.description}, ${request.reference}, ${request.createdBy.subject},
        ${request.createdBy.client}
      )
      returning ${this.#columns}`;
    return inserted!;
  }

  /** The payment with this id. */
  async find(id: string): Promise<Payment | undefined> {
    const [found] = await this.database.sql<Payment[]>`
      select ${this.#columns} from payments where id = ${id}`;
    return found;
  }

  /** The payment with this id, for this unit of work alone to change. */
  async lock(id: string): Promise<Payment | undefined> {
    const [found] = await this.database.sql<Payment[]>`
      select ${this.#columns} from payments where id = ${id} for update`;
    return found;
  }

  /** The payment that the provider knows by this id, for this unit of work alone to change. */
  async lockByIntent(providerIntentId: string): Promise<Payment | undefined> {
    const [found] = await this.database.sql<Payment[]>`
      select ${this.#columns} from payments where provider_intent_id = ${providerIntentId} for update`;
    return found;
  }

  /**
   * Moves a payment to its next version. A locked one is always at the version it was read at; if this one is not,
   * because it was not locked, nothing changes.
   *
   * @returns the payment as it is now; `undefined` if somebody else has changed it since it was read
   */
  async save({ id, version }: Payment, change: PaymentChange): Promise<Payment | undefined> {
    const { sql } = this.database;
    const [saved] = await sql<Payment[]>`
      update payments set
        state = ${change.state},
        amount_authorized = ${change.amountAuthorized},
        amount_captured = ${change.amountCaptured},
        amount_refunded = ${change.amountRefunded},
        decline_code = ${change.declineCode},
        provider_intent_id = ${change.providerIntentId ?? sql`provider_intent_id`},
        version = version + 1
      where id = ${id} and version = ${version}
      returning ${this.#columns}`;
    return saved;
  }

  /** Payments, the latest first. */
  async list({ state, currency, reference, before, limit }: PaymentWindow): Promise<Payment[]> {
    const { sql } = this.database;
    return sql<Payment[]>`
      select ${this.#columns} from payments
      where true
        ${state === undefined ? sql`` : sql`and state = ${state}`}
        ${currency === undefined ? sql`` : sql`and currency = ${currency}`}
        ${reference === undefined ? sql`` : sql`and reference = ${reference}`}
        ${before === undefined ? sql`` : sql`and id < ${before}`}
      order by id desc
      limit ${limit}`;
  }

  get #columns() {
    return this.database.sql`
      id, state, amount, currency, amount_authorized as "amountAuthorized", amount_captured as "amountCaptured",
      amount_refunded as "amountRefunded", decline_code as "declineCode", capture_method as "captureMethod",
      payment_method as "paymentMethod", description, reference, provider_intent_id as "providerIntentId",
      json_build_object('subject', created_by_subject, 'client', created_by_client) as "createdBy",
      version, created_at as "createdAt", updated_at as "updatedAt"`;
  }
}

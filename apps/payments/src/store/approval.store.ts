import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { Approval } from '../domain/approval.ts';
import type { Payment } from '../domain/payment.ts';

/** The rows of `payment_approvals`, in the current unit of work. They are only ever added to. */
@Injectable()
export class ApprovalStore {
  constructor(private readonly database: Database) {}

  /**
   * Keeps what somebody decided about a payment. The database refuses a second principal that is the one who asked.
   *
   * @returns `undefined` if it has been decided before
   */
  async decide(
    payment: Payment,
    { decision, method, decidedBy, reason, requestId }: Omit<Approval, 'paymentId' | 'decidedAt'>,
  ): Promise<Approval | undefined> {
    const [kept] = await this.database.sql<Approval[]>`
      insert into payment_approvals (
        payment_id, decision, method, requested_by_subject, decided_by_subject, decided_by_client, reason, request_id
      )
      values (
        ${payment.id}, ${decision}, ${method}, ${payment.createdBy.subject}, ${decidedBy.subject},
        ${decidedBy.client}, ${reason}, ${requestId}
      )
      on conflict (tenant_id, payment_id) do nothing
      returning ${this.#columns}`;
    return kept;
  }

  /** What was decided about a payment. */
  async find(paymentId: string): Promise<Approval | undefined> {
    const [found] = await this.database.sql<Approval[]>`
      select ${this.#columns} from payment_approvals where payment_id = ${paymentId}`;
    return found;
  }

  get #columns() {
    return this.database.sql`
      payment_id as "paymentId", decision, method,
      json_build_object('subject', decided_by_subject, 'client', decided_by_client) as "decidedBy",
      reason, request_id as "requestId", decided_at as "decidedAt"`;
  }
}

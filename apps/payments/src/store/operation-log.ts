import { Database, NO_TENANT } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { OperationAnswer, OperationKey, OperationPhase, PaymentOperation } from '../domain/operation.ts';
import type { Actor } from '../domain/payment.ts';
import { paymentBusy } from '../domain/refusals.ts';

/** An operation that is to begin. */
export type NewOperation = Omit<
  PaymentOperation,
  'phase' | 'providerReference' | 'answer' | 'createdAt' | 'updatedAt' | 'finishedAt'
> & { readonly phase: 'awaiting_approval' | 'started' };

/** What a key stands for: the operation that just began, or the one that began with it before. */
export interface Beginning {
  readonly operation: PaymentOperation;
  readonly isNew: boolean;
}

/** An operation, and whose it is. */
export interface OperationOfTenant {
  readonly tenant: string;
  readonly id: string;
}

const UNIQUE_VIOLATION = '23505';

/** How many operations are looked at for one key: as many as there are tools it could have been used with. */
const MOST_PER_KEY = 16;

/** The rows of `payment_operations`, in the current unit of work unless said otherwise. */
@Injectable()
export class OperationLog {
  constructor(private readonly database: Database) {}

  /**
   * Begins an operation, unless its key has begun one already. Of several that try at once, one begins and the others
   * wait for its commit.
   *
   * For an operation on a payment that exists, lock that first: then a repeated call finds its operation and is never
   * told that the payment is busy with it.
   *
   * @throws GantryError `payment_busy` if another operation on the payment is at the provider; this unit of work can
   * only be rolled back then
   */
  async begin(operation: NewOperation): Promise<Beginning> {
    const { requestedBy, tool, idempotencyKey } = operation;
    const { sql } = this.database;
    try {
      const [begun] = await sql<PaymentOperation[]>`
        insert into payment_operations (
          id, payment_id, kind, subject, client, tool, idempotency_key, fingerprint, request_id, amount, phase
        )
        values (
          ${operation.id}, ${operation.paymentId}, ${operation.kind}, ${requestedBy.subject}, ${requestedBy.client},
          ${tool}, ${idempotencyKey}, ${operation.fingerprint}, ${operation.requestId}, ${operation.amount},
          ${operation.phase}
        )
        on conflict (tenant_id, subject, client, idempotency_key, tool) do nothing
        returning ${this.#columns}`;
      if (begun) return { operation: begun, isNew: true };
    } catch (error) {
      throw isBusy(error) ? paymentBusy(operation.paymentId) : error;
    }
    const earlier = await this.findByKey(operation);
    if (!earlier) throw new Error('An operation whose key is taken must be there.');
    return { operation: earlier, isNew: false };
  }

  /** The operation with this id. */
  async find(id: string): Promise<PaymentOperation | undefined> {
    const [found] = await this.database.sql<PaymentOperation[]>`
      select ${this.#columns} from payment_operations where id = ${id}`;
    return found;
  }

  /** The operation that a call with this key has begun. */
  async findByKey(key: OperationKey): Promise<PaymentOperation | undefined> {
    const found = await this.listByKey(key.requestedBy, key.idempotencyKey);
    return found.find(({ tool }) => tool === key.tool);
  }

  /** What somebody has begun with a key, by whatever tool, in order of beginning. */
  async listByKey({ subject, client }: Actor, idempotencyKey: string): Promise<PaymentOperation[]> {
    return this.database.sql<PaymentOperation[]>`
      select ${this.#columns} from payment_operations
      where subject = ${subject} and client = ${client} and idempotency_key = ${idempotencyKey}
      order by id
      limit ${MOST_PER_KEY}`;
  }

  /** The operation that waits for approval, or is at the provider, if there is any. */
  async unfinishedOf(paymentId: string): Promise<PaymentOperation | undefined> {
    // Of the two that there can be, the one at the provider is the later.
    const [found] = await this.database.sql<PaymentOperation[]>`
      select ${this.#columns} from payment_operations
      where payment_id = ${paymentId} and phase <> 'finished'
      order by id desc
      limit 1`;
    return found;
  }

  /**
   * Takes an operation to its next phase. Of several that try at once, one does.
   *
   * @returns the operation as it is now; `undefined` if it is no longer where it was
   */
  async advance(
    { id, phase }: PaymentOperation,
    to: Exclude<OperationPhase, 'awaiting_approval' | 'finished'>,
    providerReference?: string,
  ): Promise<PaymentOperation | undefined> {
    const { sql } = this.database;
    const [advanced] = await sql<PaymentOperation[]>`
      update payment_operations set
        phase = ${to},
        provider_reference = ${providerReference ?? sql`provider_reference`}
      where id = ${id} and phase = ${phase}
      returning ${this.#columns}`;
    return advanced;
  }

  /**
   * Ends an operation, for good. Of several that try at once, one does.
   *
   * @returns the operation as it is now; `undefined` if it is no longer where it was
   */
  async finish(
    { id, phase }: PaymentOperation,
    answer: OperationAnswer,
    providerReference?: string,
  ): Promise<PaymentOperation | undefined> {
    const { sql } = this.database;
    const [finished] = await sql<PaymentOperation[]>`
      update payment_operations set
        phase = 'finished',
        answer = ${JSON.stringify(answer)}::text::json,
        provider_reference = ${providerReference ?? sql`provider_reference`}
      where id = ${id} and phase = ${phase} and phase <> 'finished'
      returning ${this.#columns}`;
    return finished;
  }

  /** Operations at the provider, of all tenants, that nobody has taken further for a while; the oldest first. In a unit of work of its own. */
  stuck(quietSeconds: number, limit: number): Promise<OperationOfTenant[]> {
    return this.database.read({ tenant: NO_TENANT }, async () => {
      const { sql } = this.database;
      return sql<OperationOfTenant[]>`
        select tenant_id as tenant, id
        from stuck_payment_operations(make_interval(secs => ${quietSeconds}), ${limit})`;
    });
  }

  /** Operations of all tenants that have waited for approval for long, the oldest first. In a unit of work of its own. */
  awaitingApproval(patienceSeconds: number, limit: number): Promise<OperationOfTenant[]> {
    return this.database.read({ tenant: NO_TENANT }, async () => {
      const { sql } = this.database;
      return sql<OperationOfTenant[]>`
        select tenant_id as tenant, id
        from payment_operations_awaiting_approval(make_interval(secs => ${patienceSeconds}), ${limit})`;
    });
  }

  get #columns() {
    return this.database.sql`
      id, payment_id as "paymentId", kind, json_build_object('subject', subject, 'client', client) as "requestedBy",
      tool, idempotency_key as "idempotencyKey", fingerprint, request_id as "requestId", amount, phase,
      provider_reference as "providerReference", answer, created_at as "createdAt", updated_at as "updatedAt",
      finished_at as "finishedAt"`;
  }
}

function isBusy(error: unknown): boolean {
  const { code, constraint_name: constraint } = error as { code?: string; constraint_name?: string };
  return code === UNIQUE_VIOLATION && constraint === 'payment_operations_one_at_provider';
}

import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { Author } from '../domain/author.ts';
import {
  paymentKeyConflict,
  type AttemptAnswer,
  type NewPaymentAttempt,
  type PaymentAttempt,
} from '../domain/payment-attempt.ts';

const UNIQUE_VIOLATION = '23505';

/** The rows of `payment_attempts`, in the current unit of work. */
@Injectable()
export class PaymentAttemptStore {
  constructor(private readonly database: Database) {}

  /**
   * Begins an attempt. Whoever does has locked its order and looked for the key, so that calls for the same order come
   * one after the other.
   *
   * @param leaseSeconds - for how long nobody else asks the payments server for it
   * @throws GantryError `idempotency_conflict` if the key is used for another order at this very moment; this unit of
   * work can only be rolled back then
   */
  async begin(attempt: NewPaymentAttempt, leaseSeconds: number): Promise<PaymentAttempt> {
    const { requestedBy, trace } = attempt;
    try {
      const [begun] = await this.database.sql<PaymentAttempt[]>`
        insert into payment_attempts (
          id, order_id, attempt, subject, client, idempotency_key, fingerprint, request_id, traceparent, tracestate,
          amount, currency, payment_method, leased_until
        )
        values (
          ${attempt.id}, ${attempt.orderId}, ${attempt.attempt}, ${requestedBy.subject}, ${requestedBy.client},
          ${attempt.idempotencyKey}, ${attempt.fingerprint}, ${attempt.requestId}, ${trace.traceparent ?? null},
          ${trace.tracestate ?? null}, ${attempt.amount}, ${attempt.currency}, ${attempt.paymentMethod},
          statement_timestamp() + make_interval(secs => ${leaseSeconds})
        )
        returning ${this.#columns}`;
      return begun!;
    } catch (error) {
      throw isKeyTaken(error) ? paymentKeyConflict() : error;
    }
  }

  /** The attempt with this id. */
  async find(id: string): Promise<PaymentAttempt | undefined> {
    const [found] = await this.database.sql<PaymentAttempt[]>`
      select ${this.#columns} from payment_attempts where id = ${id}`;
    return found;
  }

  /** The attempt that somebody has begun with a key. */
  async findByKey({ subject, client }: Author, idempotencyKey: string): Promise<PaymentAttempt | undefined> {
    const [found] = await this.database.sql<PaymentAttempt[]>`
      select ${this.#columns} from payment_attempts
      where subject = ${subject} and client = ${client} and idempotency_key = ${idempotencyKey}`;
    return found;
  }

  /** The latest attempt to pay an order. */
  async latestOf(orderId: string): Promise<PaymentAttempt | undefined> {
    const [found] = await this.database.sql<PaymentAttempt[]>`
      select ${this.#columns} from payment_attempts where order_id = ${orderId}
      order by attempt desc
      limit 1`;
    return found;
  }

  /**
   * Takes the lease of an attempt that is not finished, if nobody has it or whoever had it is gone.
   *
   * @returns `undefined` if somebody has it, or it is finished
   */
  async lease(id: string, seconds: number): Promise<PaymentAttempt | undefined> {
    const [leased] = await this.database.sql<PaymentAttempt[]>`
      update payment_attempts set leased_until = statement_timestamp() + make_interval(secs => ${seconds})
      where id = ${id} and phase = 'started' and leased_until < statement_timestamp()
      returning ${this.#columns}`;
    return leased;
  }

  /** Leaves an attempt unfinished: somebody else may ask. What is known of its payment is kept. */
  async leave(id: string, paymentId?: string): Promise<PaymentAttempt | undefined> {
    const { sql } = this.database;
    const [left] = await sql<PaymentAttempt[]>`
      update payment_attempts set
        leased_until = statement_timestamp(),
        payment_id = ${paymentId ?? sql`payment_id`}
      where id = ${id} and phase = 'started'
      returning ${this.#columns}`;
    return left;
  }

  /** Ends an unfinished attempt, for good. */
  async finish(id: string, answer: AttemptAnswer, paymentId?: string): Promise<PaymentAttempt> {
    const { sql } = this.database;
    const [finished] = await sql<PaymentAttempt[]>`
      update payment_attempts set
        phase = 'finished',
        answer = ${JSON.stringify(answer)}::text::json,
        payment_id = ${paymentId ?? sql`payment_id`}
      where id = ${id} and phase = 'started'
      returning ${this.#columns}`;
    if (!finished) throw new Error(`The attempt ${id} cannot be finished any more.`);
    return finished;
  }

  get #columns() {
    return this.database.sql`
      id, order_id as "orderId", attempt, json_build_object('subject', subject, 'client', client) as "requestedBy",
      idempotency_key as "idempotencyKey", fingerprint, request_id as "requestId",
      json_strip_nulls(json_build_object('traceparent', traceparent, 'tracestate', tracestate)) as trace,
      amount, currency, payment_method as "paymentMethod", phase, payment_id as "paymentId", answer`;
  }
}

function isKeyTaken(error: unknown): boolean {
  const { code, constraint_name: constraint } = error as { code?: string; constraint_name?: string };
  return code === UNIQUE_VIOLATION && constraint === 'payment_attempts_key';
}

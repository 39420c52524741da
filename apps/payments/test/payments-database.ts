import { Secret } from '@gantry/config';
import { Database, migrate } from '@gantry/postgres';
import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import { afterAll, beforeAll } from '@jest/globals';
import postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { Payment, PaymentEvent } from '../src/domain/payment.ts';
import { statusAfter } from '../src/domain/payment.ts';
import type { PaymentOperation } from '../src/domain/operation.ts';
import { capturePosting, refundFailedPosting, refundPosting } from '../src/domain/posting.ts';
import { migrations } from '../src/payments.module.ts';
import { ApprovalStore } from '../src/store/approval.store.ts';
import { Ledger } from '../src/store/ledger.ts';
import { OperationLog, type NewOperation } from '../src/store/operation-log.ts';
import { PaymentStore } from '../src/store/payment.store.ts';
import { ProviderEventStore } from '../src/store/provider-event.store.ts';
import { ANN, examplePayment } from './examples.ts';

/** The tenant that tests work for unless they say otherwise. */
export const TENANT = 'acme';

/** The stores over a database of the test file's own, and a session with nothing but the service's rights. */
export class PaymentsDatabase {
  readonly payments: PaymentStore;
  readonly operations: OperationLog;
  readonly ledger: Ledger;
  readonly approvals: ApprovalStore;
  readonly events: ProviderEventStore;

  constructor(
    readonly database: Database,
    /** Of the service's own role: what a bug in the service could do. */
    readonly service: postgres.Sql,
    readonly owner: postgres.Sql,
    readonly superuser: postgres.Sql,
  ) {
    this.payments = new PaymentStore(database);
    this.operations = new OperationLog(database);
    this.ledger = new Ledger(database);
    this.approvals = new ApprovalStore(database);
    this.events = new ProviderEventStore(database);
  }

  write<T>(work: () => Promise<T>, tenant = TENANT): Promise<T> {
    return this.database.write({ tenant }, work);
  }

  read<T>(work: () => Promise<T>, tenant = TENANT): Promise<T> {
    return this.database.read({ tenant }, work);
  }

  /** Hand-written SQL in one transaction of a role. */
  async byHand<T>(
    work: (sql: postgres.Sql) => Promise<T>,
    role: postgres.Sql = this.service,
    tenant = TENANT,
  ): Promise<T> {
    return role.begin(async (sql) => {
      await sql`select set_config('gantry.tenant', ${tenant}, true)`;
      return work(sql as unknown as postgres.Sql);
    }) as Promise<T>;
  }

  /** A payment that has just begun, with its operation. */
  async begin(
    different: Partial<Payment> = {},
    state: 'processing' | 'approval_required' = 'processing',
  ): Promise<{ payment: Payment; operation: PaymentOperation }> {
    const request = examplePayment({ id: typeid('pay').toString(), ...different });
    const phase = state === 'processing' ? 'started' : 'awaiting_approval';
    return this.write(async () => {
      const { operation } = await this.operations.begin(newOperation({ paymentId: request.id, phase }));
      return { operation, payment: await this.payments.insert(request, state) };
    });
  }

  /** Lets something happen to a payment as the desk does: an operation, the payment's next status, the ledger. */
  async happen(payment: Payment, event: PaymentEvent): Promise<Payment> {
    return this.write(async () => {
      const locked = (await this.payments.lock(payment.id))!;
      const providerIntentId = `pi_${payment.id}`;
      const saved = await this.payments.save(locked, { ...statusAfter(locked, event), providerIntentId });
      if (event.type === 'captured' || event.type === 'refunded' || event.type === 'refund_failed') {
        const kind = event.type === 'captured' ? 'capture' : 'refund';
        const operation = newOperation({ paymentId: payment.id, kind });
        await this.endUnfinished(payment.id);
        const begun = await this.operations.begin(operation);
        const posting = {
          captured: capturePosting,
          refunded: refundPosting,
          refund_failed: refundFailedPosting,
        };
        await this.ledger.post(
          { operationId: operation.id, paymentId: payment.id },
          posting[event.type]({ amount: event.amount, currency: payment.currency }),
        );
        await this.operations.finish(begun.operation, { output: {} });
      }
      return saved!;
    });
  }

  private async endUnfinished(paymentId: string): Promise<void> {
    const unfinished = await this.operations.unfinishedOf(paymentId);
    if (unfinished) await this.operations.finish(unfinished, { output: {} });
  }
}

/** An operation of Ann's, with a key of its own. */
export function newOperation(different: Partial<NewOperation> = {}): NewOperation {
  const id = typeid('pop').toString();
  return {
    id,
    paymentId: typeid('pay').toString(),
    kind: 'authorize',
    requestedBy: ANN,
    tool: 'authorize_payment',
    idempotencyKey: `key of ${id}`,
    fingerprint: Buffer.alloc(32, 1),
    requestId: 'req_1',
    amount: 1000,
    phase: 'started',
    ...different,
  };
}

/** A fresh database for the tests of a file. */
export function usePaymentsDatabase(): PaymentsDatabase {
  let testDatabase: TestDatabase;
  let opened: PaymentsDatabase;
  const connect = (url: string) => postgres(url, { max: 4, onnotice: () => {} });
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await migrate({ url: testDatabase.ownerUrl, sources: migrations });
    const database = Database.open({
      databaseUrl: Secret.of(testDatabase.serviceUrl),
      poolSize: 8,
      connectTimeoutMs: 10_000,
      maxLifetimeSeconds: 600,
      statementTimeoutMs: 20_000,
      applicationName: 'payments-test',
    });
    opened = new PaymentsDatabase(
      database,
      connect(testDatabase.serviceUrl),
      connect(testDatabase.ownerUrl),
      connect(testDatabase.superuserUrl),
    );
  }, 120_000);
  afterAll(async () => {
    await opened?.database.close();
    await Promise.all([opened?.service.end(), opened?.owner.end(), opened?.superuser.end()]);
    await testDatabase?.drop();
  });
  // Known only once the tests run.
  return new Proxy({} as PaymentsDatabase, { get: (_, name) => Reflect.get(opened, name) as unknown });
}

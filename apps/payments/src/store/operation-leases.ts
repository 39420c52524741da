import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** The right to take an operation further, for a while. */
export interface Lease {
  readonly operationId: string;
  readonly holder: string;
}

/** The rows of `payment_operation_leases`, in the current unit of work. */
@Injectable()
export class OperationLeases {
  constructor(private readonly database: Database) {}

  /**
   * Takes the lease of an operation, if nobody has it or whoever had it is gone.
   *
   * @returns `undefined` if somebody has it
   */
  async take(operationId: string, seconds: number): Promise<Lease | undefined> {
    const { sql } = this.database;
    const [taken] = await sql<Lease[]>`
      insert into payment_operation_leases as lease (operation_id, held_until)
      values (${operationId}, statement_timestamp() + make_interval(secs => ${seconds}))
      on conflict (tenant_id, operation_id) do update
      set holder = gen_random_uuid(), held_until = excluded.held_until
      where lease.held_until < statement_timestamp()
      returning operation_id as "operationId", holder`;
    return taken;
  }

  /** Gives a lease back; does nothing if somebody else has it by now. */
  async giveBack({ operationId, holder }: Lease): Promise<void> {
    await this.database.sql`
      delete from payment_operation_leases where operation_id = ${operationId} and holder = ${holder}`;
  }
}

import type { ErrorEnvelope } from '@gantry/errors';
import { Database, NO_TENANT, type Sql } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { Checkpoint, Owner } from './operation.ts';

/** Where an operation stands. The last three are for good. */
export type OperationStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A row of `operations`. */
export interface OperationRow {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly client: string;
  readonly tool: string;
  readonly request_id: string;
  readonly input: unknown;
  readonly status: OperationStatus;
  readonly state: unknown;
  readonly done: number;
  readonly total: number | null;
  readonly message: string | null;
  readonly result: unknown;
  readonly error: ErrorEnvelope | null;
  readonly attempts: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly expires_at: string;
  readonly is_overdue: boolean;
}

/** An operation that a replica has got to run. */
export interface Claim {
  readonly tenant: string;
  readonly id: string;
  /** Whoever claims it next gets another one, and this one can write nothing any more. */
  readonly run: string;
}

/** How a run ends an operation. */
export type Ending = { readonly result: unknown } | { readonly error: ErrorEnvelope };

/** Is the operation still this run's, and in time? */
export type Hold = 'held' | 'overdue' | 'lost';

type Json = Parameters<Sql['json']>[0];

/** The rows of `operations`; in the current unit of work unless said otherwise. */
@Injectable()
export class OperationStore {
  constructor(private readonly database: Database) {}

  /**
   * Counts the unfinished operations of an owner. Nobody else can until the unit of work ends, so the count stays right
   * for an insert after it.
   */
  async countUnfinished({ tenant, subject, client }: Owner): Promise<number> {
    const { sql } = this.database;
    const owner = JSON.stringify(['operations', tenant, subject, client]);
    // A statement of its own: the next one sees what was committed while this one waited.
    await sql`select pg_advisory_xact_lock(hashtextextended(${owner}, 0))`;
    const [row] = await sql<[{ unfinished: number }]>`
      select count(*)::integer as unfinished from operations
      where tenant_id = ${tenant} and subject = ${subject} and client = ${client}
        and status in ('queued', 'running')`;
    return row.unfinished;
  }

  /** Adds an operation that is to begin at once. */
  async insert(
    owner: Owner,
    operation: Pick<OperationRow, 'id' | 'kind' | 'tool' | 'request_id' | 'input'>,
    timeoutHours: number,
  ): Promise<OperationRow> {
    const { sql } = this.database;
    const { id, kind, tool, request_id, input } = operation;
    const [row] = await sql<[OperationRow]>`
      insert into operations (tenant_id, id, kind, subject, client, tool, request_id, input, expires_at)
      values (
        ${owner.tenant}, ${id}, ${kind}, ${owner.subject}, ${owner.client}, ${tool}, ${request_id},
        ${sql.json(input as Json)}, now() + make_interval(hours => ${timeoutHours})
      )
      returning *, false as is_overdue`;
    return row;
  }

  /** An operation of this owner that is not forgotten. */
  async find(owner: Owner, id: string): Promise<OperationRow | undefined> {
    const [row] = await this.database.sql<OperationRow[]>`
      select *, expires_at <= now() as is_overdue from operations
      where tenant_id = ${owner.tenant} and id = ${id} and subject = ${owner.subject} and client = ${owner.client}
        and (expires_at > now() or finished_at is null)`;
    return row;
  }

  /** Cancels an unfinished operation of this owner. Waits for a checkpoint that is being taken, and comes after it. */
  async cancel(owner: Owner, id: string, retentionHours: number): Promise<OperationRow | undefined> {
    const [row] = await this.database.sql<OperationRow[]>`
      update operations
      set status = 'cancelled', finished_at = now(), updated_at = now(), run = null,
          expires_at = now() + make_interval(hours => ${retentionHours})
      where tenant_id = ${owner.tenant} and id = ${id} and subject = ${owner.subject} and client = ${owner.client}
        and status in ('queued', 'running')
      returning *, false as is_overdue`;
    return row;
  }

  /** Takes operations of all tenants that wait for a worker, or whose replica is silent; in a unit of work of its own. */
  claim(kinds: readonly string[], wanted: number, leaseSeconds: number): Promise<Claim[]> {
    return this.database.write({ tenant: NO_TENANT }, async () => {
      const { sql } = this.database;
      return sql<Claim[]>`
        select tenant_id as tenant, id, run
        from claim_operations(${sql.array([...kinds])}::text[], ${wanted}, make_interval(secs => ${leaseSeconds}))`;
    });
  }

  /** Deletes finished operations of all tenants whose time has passed; in a unit of work of its own. */
  forget(limit: number): Promise<number> {
    return this.database.write({ tenant: NO_TENANT }, async () => {
      const [row] = await this.database.sql<[{ forgotten: number }]>`
        select forget_expired_operations(${limit}) as forgotten`;
      return row.forgotten;
    });
  }

  /** What a run needs to begin; in a unit of work of its own. */
  load({ tenant, id, run }: Claim): Promise<OperationRow | undefined> {
    return this.database.read({ tenant }, async () => {
      const [row] = await this.database.sql<OperationRow[]>`
        select *, expires_at <= now() as is_overdue from operations
        where tenant_id = ${tenant} and id = ${id} and run = ${run} and status = 'running'`;
      return row;
    });
  }

  /** Looks whether a run still has its operation; in a unit of work of its own. */
  look({ tenant, id, run }: Claim): Promise<Hold> {
    return this.database.read({ tenant }, async () => {
      const rows = await this.database.sql<{ is_overdue: boolean }[]>`
        select expires_at <= now() as is_overdue from operations
        where tenant_id = ${tenant} and id = ${id} and run = ${run} and status = 'running'`;
      return holdOf(rows);
    });
  }

  /** Says that a run is alive; in a unit of work of its own. */
  extend({ tenant, id, run }: Claim, leaseSeconds: number): Promise<Hold> {
    return this.database.write({ tenant }, async () => {
      const rows = await this.database.sql<{ is_overdue: boolean }[]>`
        update operations set due_at = now() + make_interval(secs => ${leaseSeconds})
        where tenant_id = ${tenant} and id = ${id} and run = ${run} and status = 'running'
        returning expires_at <= now() as is_overdue`;
      return holdOf(rows);
    });
  }

  /** Keeps state and progress of a run. False if the operation is not its own any more: then roll back. */
  async keep(claim: Claim, { state, progress }: Checkpoint<unknown>, leaseSeconds: number): Promise<boolean> {
    const { sql } = this.database;
    const { done, total = null, message = null } = progress;
    const { count } = await sql`
      update operations
      set state = ${sql.json(state as Json)}, done = ${done}, total = ${total}, message = ${message}, attempts = 0,
          due_at = now() + make_interval(secs => ${leaseSeconds}), updated_at = now()
      where tenant_id = ${claim.tenant} and id = ${claim.id} and run = ${claim.run} and status = 'running'`;
    return count === 1;
  }

  /** Ends an operation for good; in a unit of work of its own. False if it is not the run's any more. */
  finish({ tenant, id, run }: Claim, ending: Ending, retentionHours: number): Promise<boolean> {
    return this.database.write({ tenant }, async () => {
      const { sql } = this.database;
      const succeeded = 'result' in ending;
      const { count } = await sql`
        update operations
        set status = ${succeeded ? 'succeeded' : 'failed'},
            result = ${succeeded ? sql.json(ending.result as Json) : null},
            error = ${succeeded ? null : sql.json(ending.error as unknown as Json)},
            run = null, finished_at = now(), updated_at = now(),
            expires_at = now() + make_interval(hours => ${retentionHours})
        where tenant_id = ${tenant} and id = ${id} and run = ${run} and status = 'running'`;
      return count === 1;
    });
  }

  /**
   * Gives an operation back, for another run after a pause; in a unit of work of its own.
   *
   * @param isFault - a run that was only interrupted does not count as one that failed
   */
  async giveBack({ tenant, id, run }: Claim, pauseSeconds: number, isFault: boolean): Promise<void> {
    await this.database.write({ tenant }, async () => {
      await this.database.sql`
        update operations
        set status = 'running', run = null, due_at = now() + make_interval(secs => ${pauseSeconds}),
            attempts = greatest(attempts - ${isFault ? 0 : 1}::integer, 0), updated_at = now()
        where tenant_id = ${tenant} and id = ${id} and run = ${run} and status = 'running'`;
    });
  }
}

function holdOf([row]: readonly { is_overdue: boolean }[]): Hold {
  if (!row) return 'lost';
  return row.is_overdue ? 'overdue' : 'held';
}

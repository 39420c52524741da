import type { DriverQuery } from './driver.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * The right to run SQL in a unit of work, held by the code that runs inside {@link Database.write} or
 * {@link Database.savepoint}. It ends with that code: what is left running behind its back can do no harm.
 */
export class Lease {
  readonly unit: UnitOfWork;
  /** Set for a savepoint: the lease around it. */
  readonly parent: Lease | undefined;
  readonly depth: number;
  /** Has the savepoint been set in the server? Only once a query follows. */
  isSet = false;

  /** How many effects were waiting for the commit when it began. */
  readonly effectsBefore: number;

  constructor(unit: UnitOfWork, parent?: Lease, effectsBefore = 0) {
    this.unit = unit;
    this.effectsBefore = effectsBefore;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  /** Name of the savepoint in the server. */
  get savepoint(): string {
    return `s${this.depth}`;
  }

  /** Handler of the queries made under this lease. */
  readonly send = (query: DriverQuery): void => this.unit.send(query, this);
}

/** What a unit of work may do. */
export type Mode = 'read' | 'write';

/** All that a read looks at is of one moment. A write sees what others have committed while it waited for a lock. */
const BEGIN: Record<Mode, string> = {
  read: 'begin isolation level repeatable read read only',
  write: 'begin read write',
};

/** The longest timeout Postgres takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * What is sent in front of the first query: begins the transaction and confines it to a tenant and a deadline.
 *
 * `SET LOCAL` is `set_config(…, true)` without the planner. One simple-protocol message for all three
 * statements costs less than a prepared statement with parameters, hence the literals.
 *
 * @param deadline - milliseconds of `performance.now()`
 */
export function transactionStart(mode: Mode, tenant: string, deadline: number | undefined): string {
  const confined = `${BEGIN[mode]}; set local gantry.tenant = ${literal(tenant)}`;
  return deadline === undefined || deadline === Infinity
    ? confined
    : `${confined}; set local statement_timeout = ${timeoutUntil(deadline)}`;
}

/** A string literal that means the same whatever standard_conforming_strings says. */
function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Zero would mean no timeout at all. */
function timeoutUntil(deadline: number): number {
  return Math.min(Math.max(Math.ceil(deadline - performance.now()), 1), MAX_TIMEOUT_MS);
}

import type { DriverQuery } from './driver.ts';

/** Statements that begin, end or reshape a transaction or the session. `set constraints` is part of a transaction's work. */
const SESSION_STATEMENT =
  /^\s*(?:begin|start|commit|end|abort|rollback|savepoint|release|prepare|deallocate|discard|reset|set(?!\s+constraints))\b/i;

/** Templates are the same array at each evaluation, so each is read once. */
const harmless = new WeakSet<readonly string[]>();

/**
 * Why a query may not run in a unit of work: the unit owns its transaction, its role and its tenant, and SQL
 * that changes them by accident would act for somebody else or outlive the call.
 */
export function forbidden({ strings }: DriverQuery): Error | undefined {
  if (harmless.has(strings)) return undefined;
  if (SESSION_STATEMENT.test(strings[0] ?? '')) {
    return new Error(
      `"${strings[0]!.trim().slice(0, 40)}" must not run in a unit of work, which owns its transaction and session. ` +
        'Use Database.write and Database.savepoint.',
    );
  }
  if (strings.some((text) => text.includes('gantry.tenant'))) {
    return new Error('The tenant of a unit of work is fixed: it comes from its scope alone.');
  }
  harmless.add(strings);
  return undefined;
}

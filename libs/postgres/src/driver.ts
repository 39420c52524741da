import postgres from 'postgres';
import { arrayOids, sqlTypes } from './sql-types.ts';

/**
 * The postgres.js tagged template, bound to the current unit of work: queries, fragments, `sql(rows)`
 * helpers, `sql.json()`, `sql.array()`, `sql.unsafe()`.
 */
export type Sql = postgres.ISql;

/** The result of a statement. */
export type SqlResult = postgres.RowList<postgres.Row[]>;

/**
 * A query object of postgres.js with the parts that its types hide. A query runs when it is first awaited, by
 * handing itself to its `handler`; replacing that is what lets it choose its connection so late. The version
 * of postgres.js is pinned, and driver.spec.ts proves what is assumed here.
 */
export interface DriverQuery {
  readonly strings: readonly string[];
  handler: QueryHandler;
  canceller: unknown;
  executed: boolean;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** What a query's answer goes through before it reaches whoever awaits it. */
export interface Interception {
  resolve?(value: unknown, onward: Pick<DriverQuery, 'resolve' | 'reject'>): void;
  reject(error: unknown, onward: Pick<DriverQuery, 'resolve' | 'reject'>): void;
}

/** Takes a query on its way to a connection. */
export type QueryHandler = (query: DriverQuery) => void;

interface Internals {
  /** `sql.array()` looks its type up here. */
  options: { shared: { typeArrayMap: Record<number, number> } };
}

/** Makes queries; never connects itself. */
export const template: postgres.Sql = createClient('postgres://nowhere', {});

/** A postgres.js client for one connection. */
export function createClient(url: string, options: postgres.Options<Record<string, never>>): postgres.Sql {
  const client = postgres(url, {
    ...options,
    types: sqlTypes as never,
    // It would ask each new connection for its types, and end the process if that connection is lost meanwhile.
    fetch_types: false,
    onnotice: () => {},
    max: 1,
  }) as postgres.Sql;
  (client as unknown as Internals).options.shared.typeArrayMap = arrayOids;
  return client;
}

/** A template whose queries go to the handler that `route` names when the query is made. */
export function routedSql(route: () => QueryHandler): Sql {
  function routed<Query>(query: Query): Query {
    const hidden = query as DriverQuery;
    hidden.handler = route();
    // postgres.js would send its cancel request without waiting for it: it could hit the connection's next user.
    hidden.canceller = null;
    return query;
  }
  const sql = (first: TemplateStringsArray, ...rest: never[]) => {
    const made: unknown = template(first, ...rest);
    return Object.hasOwn(first, 'raw') ? routed(made) : made;
  };
  return Object.assign(sql, {
    types: template.types,
    typed: template.typed,
    json: (value: postgres.JSONValue) => template.json(value),
    array: (...args: Parameters<Sql['array']>) => template.array(...args),
    unsafe: (...args: Parameters<Sql['unsafe']>) => routed(template.unsafe(...args)),
    notify: (channel: string, payload: string) => routed(template`select pg_notify(${channel}, ${payload})`),
    file: () => {
      throw new Error('sql.file() is not supported: SQL lives in templates or in migrations.');
    },
  }) as unknown as Sql;
}

/** A statement without parameters, ready to be handed to a connection now rather than when it is awaited. */
export function statement(text: string): DriverQuery & Promise<SqlResult> {
  const query = template.unsafe(text) as unknown as DriverQuery & Promise<SqlResult>;
  query.executed = true;
  return query;
}

/** Where the queries of a reserved connection go: straight to that connection. */
export function handlerOf(reserved: postgres.ReservedSql): QueryHandler {
  return (reserved.unsafe('') as unknown as DriverQuery).handler;
}

/** Looks at the answer to a query as it arrives, which is before any promise of it can settle. */
export function intercept(query: DriverQuery, interception: Interception): void {
  const { resolve, reject } = query;
  const onward = { resolve, reject };
  if (interception.resolve) query.resolve = (value) => interception.resolve!(value, onward);
  query.reject = (error) => interception.reject(error, onward);
}

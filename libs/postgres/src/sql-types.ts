import { arrayOf, type SqlType } from './sql-arrays.ts';

/**
 * How values cross between Postgres and JavaScript.
 *
 * - `bigint` → number; a value beyond 2^53 − 1 is an error, never rounded. Cast to text where it can be larger.
 * - `numeric` → text, which is exact.
 * - `timestamptz` → ISO 8601 UTC text with all microseconds; a `Date` would drop three digits, and with them rows
 *   from a keyset page.
 * - `timestamp`, `date` → the text of Postgres.
 * - `json`, `jsonb` → parsed; `bytea` → Buffer; arrays of all these → arrays. Everything else → text.
 */
const text = type(25, String, String);
const varchar = type(1043, String, String);
const uuid = type(2950, String, String);
const numeric = type(1700, String, String);
const boolean = type(
  16,
  (value) => (value === true ? 't' : 'f'),
  (read) => read === 't',
);
const smallint = type(21, String, Number);
const integer = type(23, String, Number);
const bigint = type(20, String, parseBigint);
const real = type(700, String, Number);
const double = type(701, String, Number);
const timestamptz = type(1184, serializeTime, parseTimestamptz);
const timestamp = type(1114, serializeTime, String);
const date = type(1082, serializeTime, String);
const json = type(114, JSON.stringify, JSON.parse);
const jsonb = type(3802, JSON.stringify, JSON.parse);
const bytea = type(17, serializeBytes, (hex) => Buffer.from(hex.slice(2), 'hex'));

/** Element types by the OID of their arrays. */
const ARRAYS = new Map<number, SqlType>([
  [1009, text],
  [1015, varchar],
  [2951, uuid],
  [1231, numeric],
  [1000, boolean],
  [1005, smallint],
  [1007, integer],
  [1016, bigint],
  [1021, real],
  [1022, double],
  [1185, timestamptz],
  [1115, timestamp],
  [1182, date],
  [199, json],
  [3807, jsonb],
  [1001, bytea],
]);

/** Types as postgres.js takes them; it calls them by names that do not matter. */
export const sqlTypes: Record<string, SqlType> = Object.fromEntries(
  [...ARRAYS].flatMap(([oid, element]) => [
    [`oid${element.to}`, element],
    [`oid${oid}`, arrayOf(element, oid)],
  ]),
);

/** OIDs of array types by those of their elements, for `sql.array()`. */
export const arrayOids: Record<number, number> = Object.fromEntries(
  [...ARRAYS].map(([oid, element]) => [element.to, oid]),
);

function type(oid: number, serialize: (value: unknown) => string, parse: (text: string) => unknown): SqlType {
  return { to: oid, from: [oid], serialize, parse };
}

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`The bigint ${text} does not fit a JavaScript number: select it as text.`);
  }
  return value;
}

/** Sessions run in UTC with ISO dates, so the text is `2026-01-02 03:04:05.678901+00`, or an infinity. */
function parseTimestamptz(text: string): string {
  return text.endsWith('+00') ? `${text.slice(0, -3).replace(' ', 'T')}Z` : text;
}

function serializeTime(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function serializeBytes(value: unknown): string {
  return `\\x${Buffer.from(value as Uint8Array).toString('hex')}`;
}

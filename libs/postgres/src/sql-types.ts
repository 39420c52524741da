/**
 * How values cross between Postgres and JavaScript, where postgres.js's own choice loses something.
 *
 * - `bigint` → number; a value beyond 2^53 − 1 is an error, never rounded. Cast to text where it can be larger.
 * - `timestamptz` → ISO 8601 UTC string with all microseconds; a `Date` would drop three digits, and with them
 *   rows from a keyset page.
 * - `timestamp`, `date` → the text of Postgres.
 *
 * Unchanged: `numeric` → string, `json` and `jsonb` → parsed, `bytea` → Buffer.
 */
export const sqlTypes = {
  bigint: { to: 20, from: [20], serialize: String, parse: parseBigint },
  timestamptz: { to: 1184, from: [1184], serialize: serializeTime, parse: parseTimestamptz },
  timestamp: { to: 1114, from: [1114], serialize: serializeTime, parse: (text: string) => text },
  date: { to: 1082, from: [1082], serialize: serializeTime, parse: (text: string) => text },
};

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

/** What the load generator is to do. */
export interface Order {
  readonly url: string;
  readonly requests: number;
  /** Kept alive; each has one request at a time. */
  readonly connections: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Taken by turns. */
  readonly tokens: readonly string[];
  /** Taken by turns. In each `{unique}` becomes something that no other request has. */
  readonly bodies: readonly string[];
  /** Stands in every right answer. */
  readonly marker: string;
}

/** What came of it. */
export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers with another status than 200, by status; connections that broke are under 0. */
  readonly failures: Readonly<Record<string, number>>;
  /** Answers of 200 without the marker. */
  readonly wrong: number;
  /** The first answer of 200, to be looked at more closely; if there is none, a failure. */
  readonly sample: string;
  /** Of the load generator itself. */
  readonly cpuMicros: number;
}

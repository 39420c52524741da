import { homedir, hostname } from 'node:os';
import { ROOT } from '../build.ts';

/** What must not be in any answer. */
export interface Confidential {
  /** What it is, and its text. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Tables of the service's database. */
  readonly tables: readonly string[];
  /** Planted into what belongs to others. */
  readonly markers: readonly string[];
}

/** Never part of an input, so that no answer has them because a caller has said them. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  'stack trace': /(?:^|\\n|\n)\s*at (?:async )?(?:[\w.<>$[\] ]+ )?\(?(?:file:|node:|\/)[^\n"]*:\d+:\d+/,
  'source position': /\.[cm]?[jt]s:\d+:\d+/,
  'module path': /node_modules|\bdist\/main\.js/,
  'driver message':
    /PostgresError|SQLSTATE|syntax error at or near|violates (?:row-level|unique|foreign|check|not-null)|invalid input syntax for|invalid byte sequence|duplicate key value|relation "|permission denied for (?:table|schema)|pgboss\.|ReplyError|ECONNREFUSED|ECONNRESET|ENOTFOUND|StripeError|req_[A-Za-z0-9]{10}/,
  'JavaScript error':
    /\b(?:TypeError|RangeError|ReferenceError|SyntaxError|ZodError|Cannot read propert|is not a function|is not iterable|Unexpected token)/,
  'file of the machine': /root:[^:\n]*:0:0:/,
  'evaluated template': /\b9804221\b/,
};

/** Finds in answers what nobody may be told. */
export class LeakDetector {
  readonly #signs: [string, RegExp][];
  readonly #texts: [string, string][];

  constructor({ secrets, tables, markers }: Confidential) {
    this.#signs = Object.entries(SIGNS);
    if (tables.length > 0) this.#signs.push(['SQL', statementsAbout(tables)]);
    this.#texts = [
      ...[...secrets].filter(([, text]) => text.length >= 8),
      ...markers.map((marker): [string, string] => ["others' data", marker]),
      ['path of the machine', ROOT.replace(/\/$/, '')],
      ...[homedir(), hostname()]
        .filter((text) => text.length > 8)
        .map((text): [string, string] => ['name of the machine', text]),
    ];
  }

  /** What leaks from a text, if anything does: what it is, and where. */
  find(text: string): string[] {
    const found: string[] = [];
    for (const [what, sign] of this.#signs) {
      const match = sign.exec(text);
      if (match) found.push(`${what}: …${around(text, match.index)}…`);
    }
    for (const [what, secret] of this.#texts) {
      const at = text.indexOf(secret);
      if (at >= 0) found.push(`${what}: …${around(text, at)}…`);
    }
    return found;
  }
}

/** Statements as the service writes them; the corpus of attacks names other tables. */
function statementsAbout(tables: readonly string[]): RegExp {
  const table = `"?(?:${tables.join('|')})"?\\b`;
  return new RegExp(
    `\\bselect\\b.{1,400}\\bfrom ${table}|\\binsert into ${table}|\\bupdate ${table} set|\\bdelete from ${table}`,
    'is',
  );
}

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - 40), at + 120).replaceAll(/\s+/g, ' ');
}

/** How values of one type cross between Postgres and JavaScript, by its OID. */
export interface SqlType {
  to: number;
  from: number[];
  serialize(value: unknown): string;
  parse(text: string): unknown;
}

/** The array type of an element type. */
export function arrayOf(element: SqlType, oid: number): SqlType {
  return {
    to: oid,
    from: [oid],
    serialize: (value) => (Array.isArray(value) ? writeArray(value, element) : String(value)),
    parse: (text) => readArray(text, element),
  };
}

function writeArray(values: readonly unknown[], element: SqlType): string {
  const parts = values.map((value) => {
    if (value === null) return 'NULL';
    if (value === undefined) throw new TypeError('An array for Postgres must not contain undefined.');
    if (Array.isArray(value)) return writeArray(value, element);
    return `"${element.serialize(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `{${parts.join(',')}}`;
}

/** A token of an array literal: a brace, a comma, a quoted element or a bare one. */
const TOKEN = /[{},]|"((?:[^"\\]|\\.)*)"|[^{},"]+/gs;

function readArray(text: string, element: SqlType): unknown[] {
  const root: unknown[] = [];
  const open = [root];
  // Bounds other than the usual stand in front: [2:3]={a,b}
  for (const [token, quoted] of text.slice(text.indexOf('{')).matchAll(TOKEN)) {
    if (token === ',') continue;
    if (token === '}') {
      open.pop();
      continue;
    }
    const array = open.at(-1)!;
    if (token === '{') {
      const inner: unknown[] = [];
      array.push(inner);
      open.push(inner);
    } else if (quoted !== undefined) {
      array.push(element.parse(quoted.replaceAll(/\\(.)/gs, '$1')));
    } else {
      array.push(token === 'NULL' ? null : element.parse(token));
    }
  }
  return root[0] as unknown[];
}

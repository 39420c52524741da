/** What is left to write: finished text, a value, or the end of an array or object. */
type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'end'; readonly text: string; readonly of: object };

/**
 * The one JSON text of a JSON value, after RFC 8785: no white space, keys in the order of their UTF-16 code
 * units. Equal values give equal texts whatever the order of their keys, different values different texts, so
 * the text can be signed or hashed. Properties that are `undefined` count as absent, as in `JSON.stringify`.
 *
 * Iterative, because depth comes from callers and must not exhaust the stack.
 *
 * @throws TypeError for anything that is not JSON: `NaN`, dates, maps, class instances, holes, cycles, …
 */
export function canonicalJson(value: unknown): string {
  const open = new Set<object>();
  const pending: Part[] = [{ kind: 'value', value }];
  let json = '';
  for (let part = pending.pop(); part; part = pending.pop()) {
    if (part.kind !== 'value') {
      json += part.text;
      if (part.kind === 'end') open.delete(part.of);
    } else if (typeof part.value === 'object' && part.value !== null) {
      if (open.has(part.value)) throw new TypeError('A value that contains itself has no JSON.');
      open.add(part.value);
      for (const inner of partsOf(part.value).reverse()) pending.push(inner);
    } else {
      json += primitive(part.value);
    }
  }
  return json;
}

function primitive(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value); // String(-0) is '0'
  throw new TypeError(`${typeof value === 'number' ? value : typeof value} has no JSON.`);
}

function partsOf(container: object): Part[] {
  return Array.isArray(container) ? partsOfArray(container) : partsOfObject(container);
}

/** What has no inner objects is one part. */
function partsOfArray(items: readonly unknown[]): Part[] {
  const parts: Part[] = [];
  let text = '[';
  // By index, a hole is undefined, which is then refused; forEach would skip it.
  for (let index = 0; index < items.length; index++) {
    if (index > 0) text += ',';
    text = continued(parts, text, items[index]);
  }
  parts.push({ kind: 'end', text: `${text}]`, of: items });
  return parts;
}

function partsOfObject(container: object): Part[] {
  if (!isPlain(container)) throw new TypeError(`An instance of ${container.constructor.name} has no JSON.`);
  const parts: Part[] = [];
  let text = '{';
  let separator = '';
  // Without a comparator, strings are sorted by their UTF-16 code units.
  for (const key of Object.keys(container).sort()) {
    const value = container[key];
    if (value === undefined) continue;
    text = continued(parts, `${text}${separator}${JSON.stringify(key)}:`, value);
    separator = ',';
  }
  parts.push({ kind: 'end', text: `${text}}`, of: container });
  return parts;
}

/** The text goes on with a primitive; anything else is a part of its own, and a new text begins. */
function continued(parts: Part[], text: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return text + primitive(value);
  parts.push({ kind: 'text', text }, { kind: 'value', value });
  return '';
}

/** An object literal or what `JSON.parse` makes, of whatever realm: its prototype is the root, or nothing. */
function isPlain(container: object): container is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(container);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

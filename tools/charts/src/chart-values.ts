import { isMap, isScalar, parseDocument, type Document, type Pair, type Scalar, type YAMLMap } from 'yaml';

/** A value that an operator may set. */
export interface ChartValue {
  /** As in `--set`. */
  readonly path: string;
  /** As YAML in one line; empty for a group of values that are listed one by one. */
  readonly initial: string;
  /** The comment above it. */
  readonly description: string;
}

/**
 * values.yaml of a chart, comments included: the values of all services, changed and extended by its own.
 *
 * @param common - text of service.values.yaml
 * @param own - text of own.values.yaml
 */
export function mergedValues(common: string, own: string): string {
  const merged = parse(common);
  overlay(valuesOf(merged), valuesOf(parse(own)));
  merged.commentBefore =
    ' Made by `node tools/charts/src/main.ts write` of gantry-service/service.values.yaml and own.values.yaml.';
  return merged.toString({ lineWidth: 0 });
}

/** The values in a values.yaml, in its order. */
export function chartValues(text: string): ChartValue[] {
  return rows(valuesOf(parse(text)), '');
}

/** What a file says about itself, above the values. */
const HEADER = /^(#.*\n)+\n/;

type Entry = Pair<Scalar<string>, unknown>;

function parse(text: string): Document {
  const document = parseDocument(text.replace(HEADER, ''), { version: '1.1' });
  if (document.errors[0]) throw document.errors[0];
  return document;
}

function valuesOf({ contents }: Document): YAMLMap {
  if (!isMap(contents)) throw new Error('These are no values.');
  return contents;
}

function entries(map: YAMLMap): Entry[] {
  const items = map.items as Entry[];
  // The parser gives the comment above the first entry to the map.
  const first = items[0];
  if (first && map.commentBefore) first.key.commentBefore = map.commentBefore;
  map.commentBefore = undefined;
  return items;
}

function overlay(common: YAMLMap, own: YAMLMap): void {
  for (const entry of entries(own)) {
    const known = entries(common).find(({ key }) => key.value === entry.key.value);
    if (!known) {
      common.items.push(entry);
      continue;
    }
    known.key.commentBefore = entry.key.commentBefore ?? known.key.commentBefore;
    if (isMap(known.value) && isMap(entry.value)) overlay(known.value, entry.value);
    else known.value = entry.value;
  }
}

function rows(map: YAMLMap, prefix: string): ChartValue[] {
  return entries(map).flatMap(({ key, value }) => {
    const path = prefix + key.value;
    const description = (key.commentBefore ?? '').replaceAll(/\s+/g, ' ').trim();
    if (!isMap(value) || !explainsItself(value)) return [{ path, initial: inOneLine(value), description }];
    const group = description === '' ? [] : [{ path, initial: '', description }];
    return [...group, ...rows(value, `${path}.`)];
  });
}

/** Has any value in it a comment of its own? If not, it is shown as a whole. */
function explainsItself(map: YAMLMap): boolean {
  return entries(map).some(
    ({ key, value }) => Boolean(key.commentBefore) || (isMap(value) && explainsItself(value)),
  );
}

function inOneLine(node: unknown): string {
  const value = isScalar(node) ? node.value : (node as { toJSON(): unknown }).toJSON();
  return JSON.stringify(value)
    .replaceAll(/"([\w./-]+)":/g, '$1: ')
    .replaceAll(/,(?=[^ ])/g, ', ');
}

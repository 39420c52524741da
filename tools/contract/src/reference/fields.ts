import { alternatives, normal, type Schema } from '../schema.ts';
import { code, grouped } from './markdown.ts';

/** One value in what a schema describes, wherever it is nested. */
export interface Field {
  /** `lines[].quantity`. */
  readonly path: string;
  readonly type: string;
  readonly bounds: string;
  readonly required: boolean;
  readonly default: unknown;
  readonly description: string;
}

/** All fields of an object, those of its parts below them. */
export function fieldsOf(schema: Schema, path = ''): Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [
      {
        path: at,
        type: typeOf(property),
        bounds: boundsOf(property),
        required: required.includes(name),
        default: property.default,
        description: property.description ?? '',
      },
      ...parts(property, at),
    ];
  });
}

/** Of a value that may be one of several objects, those of all of them. */
function parts(schema: Schema, path: string): Field[] {
  const found = variants(schema).flatMap((one) => [
    ...fieldsOf(one, path),
    ...(one.items !== undefined ? parts(normal(one.items), `${path}[]`) : []),
    ...(isMap(one) ? parts(normal(one.additionalProperties), `${path}.*`) : []),
  ]);
  return found.filter((field, index) => found.findIndex((other) => other.path === field.path) === index);
}

/** A type in words. */
export function typeOf(schema: Schema): string {
  const types = variants(schema).map((one) => {
    if (one.enum) return one.enum.map((value) => code(String(value))).join(', ');
    if (one.type === 'array') return `list of ${typeOf(normal(one.items))}`;
    if (one['format'] === 'uri') return 'URL';
    if (isMap(one)) return mapOf(typeOf(normal(one.additionalProperties)));
    return one.type === undefined ? 'anything' : [one.type].flat().join(' or ');
  });
  return [...new Set(types)].join(' or ');
}

/** Bounds in words. */
export function boundsOf(schema: Schema): string {
  return variants(schema)
    .flatMap((one) => [
      range(one['minimum'], one['maximum'], ''),
      beyond('more than ', one['exclusiveMinimum']),
      beyond('less than ', one['exclusiveMaximum']),
      range(one['minLength'], one['maxLength'], ' characters'),
      range(one['minItems'], one['maxItems'], ' items'),
      range(one['minProperties'], one['maxProperties'], ' properties'),
      typeof one['format'] === 'string' && one['format'] !== 'uri' ? one['format'] : '',
      typeof one['pattern'] === 'string' ? code(one['pattern']) : '',
      one.type === 'array' ? prefixed('each ', boundsOf(normal(one.items))) : '',
    ])
    .filter((text) => text !== '')
    .join(', ');
}

function variants(schema: Schema): readonly Schema[] {
  const { default: _default, description: _description, ...rules } = schema;
  return (alternatives(rules) ?? [rules]).map((one) => normal(one));
}

/** Has it properties whose names are not known beforehand, and are said to be something? */
function isMap({ additionalProperties: rest }: Schema): boolean {
  return typeof rest === 'object';
}

function mapOf(type: string): string {
  return type === 'anything' ? 'object' : `map of ${type}`;
}

function range(least: unknown, most: unknown, unit: string): string {
  if (least === undefined && most === undefined) return '';
  if (most === undefined && least === 1 && unit !== '') return 'not empty';
  if (most === undefined) return least === 0 ? '' : `at least ${shown(least)}${unit}`;
  if (least === undefined || least === 0) return `at most ${shown(most)}${unit}`;
  return least === most ? `${shown(least)}${unit}` : `${shown(least)} to ${shown(most)}${unit}`;
}

function beyond(relation: string, bound: unknown): string {
  return bound === undefined ? '' : relation + shown(bound);
}

function shown(bound: unknown): string {
  return typeof bound === 'number' ? grouped(bound) : String(bound);
}

function prefixed(prefix: string, text: string): string {
  return text === '' ? '' : prefix + text;
}

import type { CsvCell } from '@gantry/files';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.ts';

/** As JSON writes a number. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The top-level properties that a schema names, in its order. */
export function schemaColumns({ properties }: JsonObject): string[] {
  return isJsonObject(properties) ? Object.keys(properties) : [];
}

/** Turns the cells of a record into a document, by the types that a collection's schema gives to properties. */
export class CsvColumns {
  readonly #columns: readonly Column[];

  constructor(names: readonly string[], schema: JsonObject) {
    this.#columns = names.map((name) => columnOf(name, schema));
  }

  /** The document, or what is wrong with the cells. */
  documentOf(cells: readonly CsvCell[]): JsonObject | string {
    const expected = this.#columns.length;
    if (cells.length !== expected) return `has ${cells.length} cells; the header has ${expected}`;
    const entries = this.#columns.map(
      (column, index) => [column.name, valueOf(cells[index]!, column)] as const,
    );
    return Object.fromEntries(
      entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
    );
  }
}

interface Column {
  readonly name: string;
  /** What the schema says of the property itself; nothing if it says it by reference or not at all. */
  readonly types: ReadonlySet<unknown>;
  readonly required: boolean;
}

function columnOf(name: string, { properties, required }: JsonObject): Column {
  const property = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return {
    name,
    types: new Set(isJsonObject(property) ? [property['type']].flat() : []),
    required: Array.isArray(required) && required.includes(name),
  };
}

/** Nothing in a cell is no property; or null, where there has to be one. */
function valueOf(cell: CsvCell, { types, required }: Column): JsonValue | undefined {
  if (cell === null) return required && types.has('null') ? null : undefined;
  if (types.has('boolean') && (cell === 'true' || cell === 'false')) return cell === 'true';
  if ((types.has('number') || types.has('integer')) && NUMBER.test(cell)) {
    const number = Number(cell);
    if (types.has('number') || Number.isInteger(number)) return number;
  }
  return types.has('object') || types.has('array') ? compound(cell, types) : cell;
}

function compound(cell: string, types: Column['types']): JsonValue {
  try {
    const value = JSON.parse(cell) as JsonValue;
    const isWanted = Array.isArray(value) ? types.has('array') : isJsonObject(value) && types.has('object');
    return isWanted ? value : cell;
  } catch {
    return cell;
  }
}

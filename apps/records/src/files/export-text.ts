import type { FileFormat } from '@gantry/files';
import { stringify } from 'csv-stringify/sync';
import type { JsonObject, JsonValue } from '../domain/json.ts';

/** Most UTF-16 units in a part of an exported file, unless one record alone has more. */
export const PART_LENGTH = 400_000;

/**
 * Turns documents into the text of a file that can be imported again.
 *
 * @param fields - the properties to export; CSV needs them, they are its columns
 */
export class ExportText {
  constructor(
    private readonly format: FileFormat,
    private readonly fields: readonly string[] | undefined,
  ) {}

  /** What comes before the first document. */
  get header(): string {
    return this.format === 'csv' ? csvLine(this.fields ?? []) : '';
  }

  /** One document. */
  lineOf(document: JsonObject): string {
    if (this.format === 'csv') return csvLine((this.fields ?? []).map((name) => cellOf(own(document, name))));
    return `${JSON.stringify(this.fields ? this.#picked(document, this.fields) : document)}\n`;
  }

  #picked(document: JsonObject, fields: readonly string[]): JsonObject {
    return Object.fromEntries(
      fields.filter((name) => Object.hasOwn(document, name)).map((name) => [name, document[name]!]),
    );
  }
}

function own(document: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/** Nothing at all for what is absent or null: the empty text has quotes. */
function cellOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Values as they are, whatever a spreadsheet would make of them: a file has to say what the records say. */
function csvLine(cells: readonly (string | undefined)[]): string {
  return stringify([cells], { quoted_match: /^$|^\uFEFF|\r/ });
}

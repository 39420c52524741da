/** What files can be made of. */
export const FILE_FORMATS = ['ndjson', 'csv'] as const;

/** See {@link FILE_FORMATS}. */
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A file that is being sent, part by part. */
export interface Upload {
  /** TypeID `imp_…`. */
  readonly id: string;
  readonly collection: string;
  readonly format: FileFormat;
  /** Parts that have arrived. */
  readonly parts: number;
  /** In UTF-16 units. */
  readonly length: number;
  /** In UTF-8. */
  readonly bytes: number;
  readonly newlines: number;
  /** The operation that imports it, once it is complete. */
  readonly operationId: string | null;
}

/** A record of a file that was not imported. */
export interface Rejection {
  /** Where in the file it begins; the first line is 1. */
  readonly line: number;
  readonly reason: string;
}

/** Rejections that are kept; those beyond are only counted. */
export const MAX_REJECTIONS = 10_000;

const MAX_REASON = 300;

/** Says why a record was rejected, in text that can be stored whatever the record holds. */
export function rejection(line: number, reason: string): Rejection {
  const plain = reason.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, '\uFFFD');
  const characters = [...plain.slice(0, 2 * MAX_REASON)];
  const short = characters.length > MAX_REASON ? [...characters.slice(0, MAX_REASON - 1), '…'] : characters;
  return { line, reason: short.join('').toWellFormed() };
}

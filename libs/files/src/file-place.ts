import { z } from 'zod';
import type { TextPlace } from './file-text.ts';

/** How far into a file its reader is. */
export interface FilePlace extends TextPlace {
  /** Of a CSV file, once its header has been read. */
  readonly columns?: readonly string[] | undefined;
}

/** Where every file begins. */
export const BEGINNING: FilePlace = { offset: 0, line: 1 };

/** A {@link FilePlace} in the state of an operation. */
export const filePlace = z.object({
  offset: z.int(),
  line: z.int(),
  columns: z.array(z.string()).readonly().optional(),
});

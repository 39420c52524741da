import { z } from 'zod';

/** A file that is being sent, part by part. */
export interface Upload {
  /** TypeID `upl_…`. */
  readonly id: string;
  /** The tool that takes it. */
  readonly purpose: string;
  /** What the tool is told of the file with every part. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parts that have arrived. */
  readonly parts: number;
  /** In UTF-16 units. */
  readonly length: number;
  /** In UTF-8. */
  readonly bytes: number;
  /** The last one may go on in the next part. */
  readonly lines: number;
  /** The operation that works on it, once it is complete. */
  readonly operationId: string | null;
}

/** A complete file, in the input of the operation that works on it. */
export const sentFile = z.object({
  upload_id: z.string(),
  /** In UTF-16 units: what its parts must amount to. */
  length: z.int(),
  lines: z.int(),
});

/** See {@link sentFile}. */
export type SentFile = z.output<typeof sentFile>;

import { z } from 'zod';

/** What files can be made of. */
export const FILE_FORMATS = ['ndjson', 'csv'] as const;

/** See {@link FILE_FORMATS}. */
export type FileFormat = (typeof FILE_FORMATS)[number];

/** What a file is made of, as callers say it. */
export const fileFormat = z
  .enum(FILE_FORMATS)
  .describe('ndjson: one JSON object a line. csv: RFC 4180 with a header.');

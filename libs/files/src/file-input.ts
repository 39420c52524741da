import { operationView } from '@gantry/jobs';
import { z } from 'zod';
import type { Upload } from './upload.ts';

/** Parts of a file; with parts of usual size it is far larger than a file may be. */
const MAX_PARTS = 100_000;

/** The part of its input that every tool which takes a file shares; spread it. */
export const fileInput = {
  content: z
    .string()
    .min(1)
    .max(700_000)
    .refine((text) => !text.includes('\0'), 'must not contain a NUL character (\\u0000)')
    .refine((text) => text.isWellFormed(), 'must not be cut inside a surrogate pair')
    .describe('The text of the file, or of this part of it.'),
  upload_id: z
    .string()
    .regex(/^upl_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be the id of an upload: "upl_" and 26 characters')
    .optional()
    .describe('What part 1 returned. Leave it out with part 1.'),
  part: z.int().min(1).max(MAX_PARTS).default(1).describe('Number of this part; the first is 1.'),
  last: z.boolean().default(true).describe('Nothing follows: begin the work on the file.'),
};

/** The output of such a tool; spread it. */
export const fileOutput = {
  upload: z
    .object({ upload_id: z.string(), next_part: z.int(), received_bytes: z.int() })
    .optional()
    .describe('While parts are missing.'),
  operation: operationView.optional().describe('Once the last part has arrived.'),
};

/** What such a tool answers while parts are missing. */
export function uploadView({ id, parts, bytes }: Upload) {
  return { upload_id: id, next_part: parts + 1, received_bytes: bytes };
}

/** Errors of such a tool: what may be wrong with a part. */
export const FILE_ERRORS = [
  'upload_not_found',
  'upload_part_unexpected',
  'upload_too_large',
  'too_many_uploads',
] as const;

/** What the description of such a tool says of sending, and of {@link FILE_ERRORS}. */
export const HOW_TO_SEND =
  'A small file is one call with content alone. A larger one is sent in parts of about 500,000 characters, cut ' +
  'anywhere, because a request holds at most 1 MiB: part 1 with last false returns upload.upload_id; send parts 2, 3, … ' +
  'with it, each with an idempotency_key of its own ("cities-part-2"), and the last with last true. That returns ' +
  'operation: follow it with check_operation_status (progress counts lines of the file) or stop it with ' +
  'cancel_operation. Errors of sending: upload_not_found (send the file again), upload_part_unexpected ' +
  '(details.next_part is the part to send next), upload_too_large (split the file), too_many_uploads (send the last ' +
  'part of one first).';

import { operationView } from '@gantry/jobs';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Uploads } from '../desk/uploads.ts';
import { Transfers } from '../workflows/transfers.ts';
import { collectionName, fileFormat } from './inputs.ts';

/** Parts of a file; with parts of usual size it is far larger than a file may be. */
const MAX_PARTS = 100_000;

const importRecords = defineTool({
  name: 'import_records',
  title: 'Import records from a file',
  description:
    'Creates one record for each line of an NDJSON or CSV file, in the background. Use it for more than a few records; ' +
    'use create_record for one. It only adds: importing the same file twice makes every record twice. A small file is ' +
    'one call with content alone. A larger one is sent in parts of about 500,000 characters, cut anywhere, because a ' +
    'request holds at most 1 MiB: part 1 with last false returns upload.upload_id; send parts 2, 3, … with it, each ' +
    'with an idempotency_key of its own ("cities-part-2"), and the last with last true. That returns operation: follow ' +
    'it with check_operation_status (progress counts lines of the file) or stop it with cancel_operation (what is ' +
    'imported by then stays). Lines that are not valid or do not fit the schema are skipped and do not stop the import; ' +
    'the result has lines, imported, rejected, and line number and reason of the first 20 rejections (more at rejections_uri). CSV: the first ' +
    'line names top-level properties; cells become the type that the schema gives the property; objects and arrays are ' +
    'JSON text; nothing between two commas leaves the property out, "" is the empty string. A bad header fails the ' +
    'operation (import_header_invalid). Errors: collection_not_found (see list_collections), upload_not_found (send ' +
    'the file again), upload_part_unexpected (details.next_part is the part to send next), upload_too_large (split the ' +
    'file), too_many_uploads (send the last part of one first). At most 300 calls a minute.',
  input: z.strictObject({
    collection: collectionName,
    format: fileFormat.describe('ndjson: one JSON object a line. csv: RFC 4180 with a header.'),
    content: z
      .string()
      .min(1)
      .max(700_000)
      .refine((text) => !text.includes('\0'), 'must not contain a NUL character (\\u0000)')
      .refine((text) => text.isWellFormed(), 'must not be cut inside a surrogate pair')
      .describe('The text of the file, or of this part of it.'),
    upload_id: z
      .string()
      .regex(/^imp_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be the id of an upload: "imp_" and 26 characters')
      .optional()
      .describe('What part 1 returned. Leave it out with part 1.'),
    part: z.int().min(1).max(MAX_PARTS).default(1).describe('Number of this part; the first is 1.'),
    last: z.boolean().default(true).describe('Nothing follows: begin the import.'),
  }),
  output: z.object({
    upload: z
      .object({ upload_id: z.string(), next_part: z.int(), received_bytes: z.int() })
      .optional()
      .describe('While parts are missing.'),
    operation: operationView.optional().describe('Once the last part has arrived.'),
  }),
  scopes: ['records:write'],
  effect: 'create',
  errors: [
    'collection_not_found',
    'upload_not_found',
    'upload_part_unexpected',
    'upload_too_large',
    'too_many_uploads',
  ],
  limits: { callsPerMinute: 300, concurrent: 10, deadlineMs: 15_000 },
  startsOperation: true,
});

/** Takes files and starts their import. */
@Injectable()
@Tool(importRecords)
export class ImportRecordsTool implements ToolHandler<typeof importRecords> {
  constructor(
    private readonly uploads: Uploads,
    private readonly transfers: Transfers,
  ) {}

  async call(input: InputOf<typeof importRecords>, call: ToolCall): Promise<OutputOf<typeof importRecords>> {
    const { upload_id: uploadId, last, ...part } = input;
    const upload = await this.uploads.receive(call.principal, { uploadId, ...part });
    if (last)
      return { operation: await this.transfers.startImport(call, upload, part.content.endsWith('\n')) };
    return {
      upload: { upload_id: upload.id, next_part: upload.parts + 1, received_bytes: upload.bytes },
    };
  }
}

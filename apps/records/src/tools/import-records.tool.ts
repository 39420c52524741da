import {
  FILE_ERRORS,
  fileFormat,
  fileInput,
  fileOutput,
  HOW_TO_SEND,
  Uploads,
  uploadView,
} from '@gantry/files';
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
import { Imports } from '../desk/imports.ts';
import { importRecordsOperation } from '../workflows/import-records.ts';
import { collectionName } from './inputs.ts';

const importRecords = defineTool({
  name: 'import_records',
  title: 'Import records from a file',
  description:
    'Creates one record for each line of an NDJSON or CSV file, in the background. Use it for more than a few records; ' +
    'use create_record for one. It only adds: importing the same file twice makes every record twice. ' +
    `${HOW_TO_SEND} What is imported before a cancel stays. ` +
    'Lines that are not valid or do not fit the schema are skipped and do not stop the import; the result has lines, ' +
    'imported, rejected, and line number and reason of the first 20 rejections (more at rejections_uri). CSV: the first ' +
    'line names top-level properties; cells become the type that the schema gives the property; objects and arrays are ' +
    'JSON text; nothing between two commas leaves the property out, "" is the empty string. A bad header fails the ' +
    'operation (file_header_invalid). Other errors: collection_not_found (see list_collections). At most 300 calls a ' +
    'minute.',
  input: z.strictObject({ collection: collectionName, format: fileFormat, ...fileInput }),
  output: z.object(fileOutput),
  scopes: ['records:write'],
  effect: 'create',
  errors: ['collection_not_found', ...FILE_ERRORS],
  limits: { callsPerMinute: 300, concurrent: 10, deadlineMs: 15_000 },
  startsOperation: true,
});

/** Takes files and starts their import. */
@Injectable()
@Tool(importRecords)
export class ImportRecordsTool implements ToolHandler<typeof importRecords> {
  constructor(
    private readonly uploads: Uploads,
    private readonly imports: Imports,
  ) {}

  async call(
    { collection, format, last, ...part }: InputOf<typeof importRecords>,
    call: ToolCall,
  ): Promise<OutputOf<typeof importRecords>> {
    const use = {
      purpose: importRecords.name,
      parameters: { collection, format },
      begins: () => this.imports.prepare(collection),
    };
    const upload = await this.uploads.receive(call.principal, use, part);
    if (!last) return { upload: uploadView(upload) };
    const operation = await this.uploads.start(call, upload, importRecordsOperation, (file) => ({
      file,
      collection,
      format,
    }));
    return { operation };
  }
}

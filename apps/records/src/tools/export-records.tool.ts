import { fileFormat } from '@gantry/files';
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
import { StartExport } from '../workflows/start-export.ts';
import { collectionName, documentFields, recordFilter } from './inputs.ts';

const exportRecords = defineTool({
  name: 'export_records',
  title: 'Export records to a file',
  description:
    'Writes the live documents of a collection, or those that a filter finds, to an NDJSON or CSV file, in the ' +
    'background. Use it for more records than a few pages of list_records; import_records takes such a file as it is. ' +
    'Returns operation: follow it with check_operation_status (progress counts records) or stop it with ' +
    'cancel_operation. Its result has records, bytes, parts and uri_template: the file is the resources with {part} ' +
    'from 1 to parts, one after the other. Ids and versions are not in it, nor are deleted records. Documents come in ' +
    'the order of creation, each as it was when its part was written. CSV has one column for each of fields, or else ' +
    'for each top-level property in the schema; objects and arrays are JSON text. Cells are not altered for ' +
    'spreadsheets: text that begins with = stays a formula there. Errors: collection_not_found (see list_collections), ' +
    'validation_error (the filter does not fit, or CSV needs fields). At most 20 calls a minute.',
  input: z.strictObject({
    collection: collectionName,
    format: fileFormat,
    filter: recordFilter,
    fields: documentFields,
  }),
  output: z.object({ operation: operationView }),
  scopes: ['records:read'],
  effect: 'create',
  errors: ['collection_not_found'],
  limits: { callsPerMinute: 20 },
  startsOperation: true,
});

/** Starts exports. */
@Injectable()
@Tool(exportRecords)
export class ExportRecordsTool implements ToolHandler<typeof exportRecords> {
  constructor(private readonly exports: StartExport) {}

  async call(
    { collection, format, filter, fields }: InputOf<typeof exportRecords>,
    call: ToolCall,
  ): Promise<OutputOf<typeof exportRecords>> {
    return { operation: await this.exports.start(call, { collection, format, filter, fields }) };
  }
}

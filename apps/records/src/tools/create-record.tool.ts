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
import { RecordDesk } from '../desk/record-desk.ts';
import { DOCUMENT_BOUNDS } from '../domain/json-bounds.ts';
import { collectionName, storableObject } from './inputs.ts';
import { RecordView, recordView } from './record.view.ts';

const createRecord = defineTool({
  name: 'create_record',
  title: 'Create a record',
  description:
    'Stores a new document in a collection. Use it once for each new thing; use update_record to change a record that ' +
    'exists, and list_records first if it may exist already. The document must satisfy the JSON Schema of the ' +
    'collection, which list_collections shows. Returns the record with its id and version 1. Errors: ' +
    'validation_error (details.issues point at each field to correct), collection_not_found (see list_collections, or ' +
    'define_collection first), schema_too_costly (the schema needs simplifying). At most 600 calls a minute.',
  input: z.strictObject({
    collection: collectionName,
    document: storableObject(
      DOCUMENT_BOUNDS,
      'The document: a JSON object of at most 256 KiB and 32 levels.',
    ),
  }),
  output: RecordView,
  scopes: ['records:write'],
  effect: 'create',
  errors: ['collection_not_found', 'schema_too_costly'],
  limits: { callsPerMinute: 600 },
});

/** Stores new documents. */
@Injectable()
@Tool(createRecord)
export class CreateRecordTool implements ToolHandler<typeof createRecord> {
  constructor(private readonly desk: RecordDesk) {}

  async call(
    { collection, document }: InputOf<typeof createRecord>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof createRecord>> {
    return recordView(await this.desk.create(principal, collection, document));
  }
}

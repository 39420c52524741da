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
import { expectedVersion, recordId, storableObject } from './inputs.ts';
import { RecordView, recordView } from './record.view.ts';

const updateRecord = defineTool({
  name: 'update_record',
  title: 'Update a record',
  description:
    'Changes parts of a document by a JSON Merge Patch (RFC 7396): properties in the patch replace those of the document, ' +
    'objects merge, null removes, arrays are replaced whole. Use it to change a record that exists; use create_record ' +
    'for a new one and delete_record to remove one. The result must satisfy the schema of the collection. Returns the ' +
    'record at its new version; a patch that changes nothing makes no new version. Errors: version_conflict (read it ' +
    'again with get_record and decide again), validation_error (details.issues point into the patched document), ' +
    'record_deleted (restore_record first), not_found, schema_too_costly. At most 240 calls a minute.',
  input: z.strictObject({
    record_id: recordId,
    patch: storableObject(DOCUMENT_BOUNDS, 'The merge patch: only what changes. null removes a property.'),
    expected_version: expectedVersion,
  }),
  output: RecordView,
  scopes: ['records:write'],
  effect: 'update',
  errors: ['record_deleted', 'schema_too_costly'],
  limits: { callsPerMinute: 240 },
});

/** Changes documents. */
@Injectable()
@Tool(updateRecord)
export class UpdateRecordTool implements ToolHandler<typeof updateRecord> {
  constructor(private readonly desk: RecordDesk) {}

  async call(
    { record_id, patch, expected_version }: InputOf<typeof updateRecord>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof updateRecord>> {
    return recordView(await this.desk.update(principal, record_id, patch, expected_version));
  }
}

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
import { expectedVersion, recordId } from './inputs.ts';
import { RecordView, recordView } from './record.view.ts';

const restoreRecord = defineTool({
  name: 'restore_record',
  title: 'Restore a record',
  description:
    'Brings a deleted record back, with the document it had. Use it to undo delete_record; not to go back to an earlier ' +
    'version of a live record: read that with get_record_history and write it with update_record. Returns the record at ' +
    'its new version. Errors: record_not_deleted (it is live: nothing to do), schema_incompatible (the schema changed ' +
    'meanwhile and the document does not fit it: create_record with a corrected one), version_conflict, not_found, ' +
    'schema_too_costly. At most 120 calls a minute.',
  input: z.strictObject({ record_id: recordId, expected_version: expectedVersion }),
  output: RecordView,
  scopes: ['records:write'],
  effect: 'update',
  errors: ['record_not_deleted', 'schema_incompatible', 'schema_too_costly'],
});

/** Brings deleted records back. */
@Injectable()
@Tool(restoreRecord)
export class RestoreRecordTool implements ToolHandler<typeof restoreRecord> {
  constructor(private readonly desk: RecordDesk) {}

  async call(
    { record_id, expected_version }: InputOf<typeof restoreRecord>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof restoreRecord>> {
    return recordView(await this.desk.restore(principal, record_id, expected_version));
  }
}

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
import { recordStub, RecordStub } from './record.view.ts';

const deleteRecord = defineTool({
  name: 'delete_record',
  title: 'Delete a record',
  description:
    'Deletes a record: it is no longer listed or found, but keeps its history and can come back with restore_record. Use ' +
    'it when the thing no longer exists; to empty a single property, use update_record. Returns the deleted record ' +
    'without its document. Errors: record_deleted (it is deleted already: nothing to do), version_conflict (read it ' +
    'again with get_record and decide again), not_found. At most 120 calls a minute.',
  input: z.strictObject({ record_id: recordId, expected_version: expectedVersion }),
  output: RecordStub,
  scopes: ['records:write'],
  effect: 'delete',
  errors: ['record_deleted'],
});

/** Deletes records. */
@Injectable()
@Tool(deleteRecord)
export class DeleteRecordTool implements ToolHandler<typeof deleteRecord> {
  constructor(private readonly desk: RecordDesk) {}

  async call(
    { record_id, expected_version }: InputOf<typeof deleteRecord>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof deleteRecord>> {
    return recordStub(await this.desk.delete(principal, record_id, expected_version));
  }
}

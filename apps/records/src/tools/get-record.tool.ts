import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RecordDesk } from '../desk/record-desk.ts';
import { documentFields, includeDeleted, recordId } from './inputs.ts';
import { RecordView, recordView } from './record.view.ts';

const getRecord = defineTool({
  name: 'get_record',
  title: 'Get a record',
  description:
    'Reads one record by its id: the latest version of its document. Use it when you have an id, and before a change, ' +
    'to know the version; use search_records or list_records to find one, and get_record_history for earlier versions. Errors: not_found ' +
    '(the id is wrong: search with list_records), record_deleted (set include_deleted to read it anyway, or ' +
    'restore_record). At most 300 calls a minute.',
  input: z.strictObject({ record_id: recordId, fields: documentFields, include_deleted: includeDeleted }),
  output: RecordView,
  scopes: ['records:read'],
  effect: 'read',
  errors: ['record_deleted'],
  limits: { callsPerMinute: 300 },
});

/** Reads one record. */
@Injectable()
@Tool(getRecord)
export class GetRecordTool implements ToolHandler<typeof getRecord> {
  constructor(private readonly desk: RecordDesk) {}

  async call(input: InputOf<typeof getRecord>): Promise<OutputOf<typeof getRecord>> {
    const record = await this.desk.read(input.record_id, { includeDeleted: input.include_deleted });
    return recordView(record, input.fields);
  }
}

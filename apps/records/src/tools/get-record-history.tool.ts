import { pageInput, pageOutput, Pages } from '@gantry/pagination';
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
import { RECORD_CHANGES, type RecordVersion } from '../domain/record.ts';
import { recordNotFound } from '../domain/refusals.ts';
import { RecordHistoryStore } from '../store/record-history.store.ts';
import { documentFields, recordId } from './inputs.ts';
import { pickProperties } from './record.view.ts';

const VersionView = z.object({
  version: z.int(),
  change: z.enum(RECORD_CHANGES),
  data: z
    .looseObject({})
    .describe('The document at this version, or the properties of it that were asked for.'),
  changed_by: z.object({ subject: z.string(), client: z.string() }),
  changed_at: z.string().describe('ISO 8601, UTC.'),
});

const getRecordHistory = defineTool({
  name: 'get_record_history',
  title: 'Get the history of a record',
  description:
    'Lists every version a record ever had, the latest first: what it held, what kind of change made it, who made it ' +
    'and when. Use it to find out how a record came to be what it is, or to look up a value that was overwritten; use ' +
    'get_record for the current version. Works for deleted records too. Returns a page. Errors: not_found (the id is ' +
    'wrong: search with list_records). At most 120 calls a minute.',
  input: z.strictObject({ record_id: recordId, ...pageInput, fields: documentFields }),
  output: pageOutput(VersionView),
  scopes: ['records:read'],
  effect: 'read',
});

/** Lists the versions of a record. */
@Injectable()
@Tool(getRecordHistory)
export class GetRecordHistoryTool implements ToolHandler<typeof getRecordHistory> {
  constructor(
    private readonly history: RecordHistoryStore,
    private readonly pages: Pages,
  ) {}

  async call(
    input: InputOf<typeof getRecordHistory>,
    call: ToolCall,
  ): Promise<OutputOf<typeof getRecordHistory>> {
    const { record_id, limit, fields } = input;
    const query = { record_id };
    const before = this.pages.position<[number]>(call, query, input.cursor);
    const rows = await this.history.list(record_id, { before: before?.[0], limit: limit + 1 });
    if (rows.length === 0) throw recordNotFound(record_id); // a record has a version as soon as it exists
    return this.pages.page({
      call,
      query,
      rows,
      limit,
      positionOf: ({ version }) => [version],
      toItem: (version) => versionView(version, fields),
    });
  }
}

function versionView(
  version: RecordVersion,
  fields: readonly string[] | undefined,
): z.input<typeof VersionView> {
  return {
    version: version.version,
    change: version.change,
    data: pickProperties(version.data, fields),
    changed_by: version.changedBy,
    changed_at: version.changedAt,
  };
}

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
import { RecordDesk } from '../desk/record-desk.ts';
import { RecordStore, type RecordPosition } from '../store/record.store.ts';
import { collectionName, documentFields, fieldPath, includeDeleted, recordFilter } from './inputs.ts';
import { RecordView, recordView } from './record.view.ts';

const order = z
  .strictObject({
    field: fieldPath.optional().describe('An indexed field. Leave it out for the order of creation.'),
    direction: z.enum(['asc', 'desc']).default('asc'),
  })
  .optional()
  .describe(
    'Order of the records; without it, the oldest first. Records without the field count as the greatest.',
  );

const listRecords = defineTool({
  name: 'list_records',
  title: 'List records',
  description:
    'Lists the records of a collection, filtered and sorted by its indexed fields, in pages. Use it to filter, to count ' +
    'a few, or to read a whole collection page by page; use search_records to find words inside text, and get_record ' +
    'if you have the id. Name fields to keep pages small. Only indexed fields can filter: list_collections shows ' +
    'which are, define_collection can index more. Errors: collection_not_found (see list_collections), validation_error (a field ' +
    'is not indexed, a value has another type, or the cursor belongs to another list). At most 120 calls a minute.',
  input: z.strictObject({
    collection: collectionName,
    filter: recordFilter,
    sort: order,
    include_deleted: includeDeleted,
    ...pageInput,
    fields: documentFields,
  }),
  output: pageOutput(RecordView),
  scopes: ['records:read'],
  effect: 'read',
  errors: ['collection_not_found'],
});

/** Lists records. */
@Injectable()
@Tool(listRecords)
export class ListRecordsTool implements ToolHandler<typeof listRecords> {
  constructor(
    private readonly desk: RecordDesk,
    private readonly records: RecordStore,
    private readonly pages: Pages,
  ) {}

  async call(input: InputOf<typeof listRecords>, call: ToolCall): Promise<OutputOf<typeof listRecords>> {
    const { collection, filter, sort, include_deleted: includeDeleted, limit } = input;
    const plan = await this.desk.plan(collection, filter, sort);
    // The type too: keys of another type would make no sense as the place to go on from.
    const query = { collection, filter, sort, includeDeleted, keyType: plan.sortedBy?.type };
    const after = this.pages.position<RecordPosition>(call, query, input.cursor);
    const rows = await this.records.list(collection, plan, { after, includeDeleted, limit: limit + 1 });
    return this.pages.page({
      call,
      query,
      rows,
      limit,
      positionOf: ({ key, id }) => [key, id],
      toItem: (record) => recordView(record, input.fields),
    });
  }
}

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
import { RecordSearch } from '../desk/record-search.ts';
import { parseSearchQuery } from '../domain/search-query.ts';
import { snippetsOf } from '../domain/snippet.ts';
import { MOST_RANKED, type SearchPosition } from '../store/record-search.store.ts';
import { collectionName, documentFields } from './inputs.ts';
import { RecordView, recordView } from './record.view.ts';

/** What says nothing about a match is left out: it would only cost tokens. */
const FoundView = RecordView.omit({ collection: true, created_at: true, deleted_at: true }).extend({
  snippet: z.string().optional().describe('Property and text around a match.'),
});

const searchRecords = defineTool({
  name: 'search_records',
  title: 'Search records',
  description:
    'Finds live records of a collection by words and numbers in the values of their documents, the best match first, ' +
    'in pages. Use it when you know what is said but not in which field; use list_records to filter or sort by ' +
    'indexed fields. Whole words match, in any case; accents count. Name fields to keep pages small. Errors: ' +
    'collection_not_found (see list_collections), validation_error (no word in the query, or the cursor belongs to ' +
    'another search). At most 120 calls a minute.',
  input: z.strictObject({
    collection: collectionName,
    query: z
      .string()
      .min(1)
      .max(500)
      .describe('Words that must all occur, "exact phrases", or between alternatives, -excluded.'),
    ...pageInput,
    fields: documentFields,
  }),
  output: pageOutput(FoundView).extend({
    matches: z.int().describe('How many records match.'),
    is_complete: z
      .boolean()
      .describe(`false if more than ${MOST_RANKED} match; the rest is not listed. Add words to the query.`),
  }),
  scopes: ['records:read'],
  effect: 'read',
  errors: ['collection_not_found'],
});

/** Searches records. */
@Injectable()
@Tool(searchRecords)
export class SearchRecordsTool implements ToolHandler<typeof searchRecords> {
  constructor(
    private readonly records: RecordSearch,
    private readonly pages: Pages,
  ) {}

  async call(input: InputOf<typeof searchRecords>, call: ToolCall): Promise<OutputOf<typeof searchRecords>> {
    const { collection, query, limit, fields } = input;
    const asked = { collection, query };
    const after = this.pages.position<SearchPosition>(call, asked, input.cursor);
    const sought = parseSearchQuery(query);
    const { matches, records } = await this.records.search(collection, sought, { after, limit: limit + 1 });
    const snippet = snippetsOf(sought.words);
    const page = this.pages.page({
      call,
      query: asked,
      rows: records,
      limit,
      positionOf: ({ rank, id }) => [rank, id],
      toItem: (record) => ({ ...recordView(record, fields), snippet: snippet(record.data) }),
    });
    return { ...page, matches: Math.min(matches, MOST_RANKED), is_complete: matches <= MOST_RANKED };
  }
}

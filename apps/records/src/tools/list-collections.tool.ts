import { pageInput, pageOutput, Pages, pickFields } from '@gantry/pagination';
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
import { CollectionStore } from '../store/collection.store.ts';
import { CollectionView, collectionView } from './collection.view.ts';
import { collectionName } from './inputs.ts';

const FIELDS = { allowed: Object.keys(CollectionView.shape), always: ['name'] } as const;

const listCollections = defineTool({
  name: 'list_collections',
  title: 'List collections',
  description:
    'Lists the collections of documents, by name, with their JSON Schemas and indexed fields. Use it to find out where ' +
    'something is kept, what a document must look like before create_record, and what list_records can filter by. ' +
    'Name one collection to see only its definition. Returns a page; no item if there is no such collection. ' +
    'At most 100 calls a minute.',
  input: z.strictObject({
    name: collectionName.optional().describe('Only the collection of this name.'),
    ...pageInput,
  }),
  output: pageOutput(CollectionView, FIELDS.always),
  scopes: ['records:read'],
  effect: 'read',
  limits: { callsPerMinute: 100 },
});

/** Lists collections. */
@Injectable()
@Tool(listCollections)
export class ListCollectionsTool implements ToolHandler<typeof listCollections> {
  constructor(
    private readonly collections: CollectionStore,
    private readonly pages: Pages,
  ) {}

  async call(
    input: InputOf<typeof listCollections>,
    call: ToolCall,
  ): Promise<OutputOf<typeof listCollections>> {
    const { name, fields, limit, cursor } = input;
    const pick = pickFields(fields, FIELDS);
    const query = { name };
    const after = this.pages.position<[string]>(call, query, cursor);
    const rows = await this.collections.list({ name, after: after?.[0], limit: limit + 1 });
    return this.pages.page({
      call,
      query,
      rows,
      limit,
      positionOf: (collection) => [collection.name],
      toItem: (collection) => pick(collectionView(collection)),
    });
  }
}

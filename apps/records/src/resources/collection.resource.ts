import {
  ResourceTemplate,
  type CompletionRequest,
  type ListedResource,
  type ResourceTemplateHandler,
} from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { CollectionStore } from '../store/collection.store.ts';
import { collectionView } from '../tools/collection.view.ts';
import { collectionUri } from './uris.ts';

/** Collections that are shown at once. */
const SHOWN = 100;

/** The definition of a collection. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'records://collections/{collection}',
  name: 'collection',
  title: 'Collection',
  description:
    'The definition of a collection: its JSON Schema, its indexed fields and its version. What list_collections returns.',
  mimeType: 'application/json',
  scopes: ['records:read'],
  ttlMs: 60_000,
})
export class CollectionResource implements ResourceTemplateHandler {
  constructor(private readonly collections: CollectionStore) {}

  async read({ collection: name }: { collection: string }): Promise<string | undefined> {
    const collection = await this.collections.find(name);
    return collection && JSON.stringify(collectionView(collection));
  }

  async list(): Promise<ListedResource[]> {
    const collections = await this.collections.list({ name: undefined, after: undefined, limit: SHOWN });
    return collections.map(({ name, title, description }) => ({
      uri: collectionUri(name),
      name,
      ...(title !== null && { title }),
      ...(description !== null && { description }),
    }));
  }

  complete(_variable: string, prefix: string, _request: CompletionRequest): Promise<string[]> {
    return this.collections.namesFrom(prefix, SHOWN);
  }
}

import { sharedError } from '@gantry/errors';
import { Prompt, type PromptHandler, type PromptMessage } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { collectionUri } from '../resources/uris.ts';
import { CollectionStore } from '../store/collection.store.ts';
import { collectionName } from '../tools/inputs.ts';
import { collectionView } from '../tools/collection.view.ts';

const OFFERED = 100;

const exploreCollection = {
  name: 'explore_collection',
  title: 'Explore a collection',
  description: 'Finds out what a collection holds and what can be asked of it.',
  arguments: z.strictObject({ collection: collectionName }),
  scopes: ['records:read'],
};

/** Starts a conversation about what a collection holds. */
@Injectable()
@Prompt(exploreCollection)
export class ExploreCollectionPrompt implements PromptHandler<typeof exploreCollection> {
  constructor(private readonly collections: CollectionStore) {}

  async render({ collection: name }: { collection: string }): Promise<PromptMessage[]> {
    const collection = await this.collections.find(name);
    if (!collection) throw sharedError('not_found', `There is no collection "${name}".`);
    const text = JSON.stringify(collectionView(collection));
    return [
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: { uri: collectionUri(name), mimeType: 'application/json', text },
        },
      },
      {
        role: 'user',
        content: {
          type: 'text',
          text:
            `This is the definition of the collection "${name}". Read a few of its records with list_records (limit 5, ` +
            'only the fields that matter) and tell me in a few sentences what it holds, which fields can be filtered ' +
            'and sorted, what search_records can find in it, and three questions it can answer. Change nothing.',
        },
      },
    ];
  }

  complete(_argument: string, prefix: string): Promise<string[]> {
    return this.collections.namesFrom(prefix, OFFERED);
  }
}

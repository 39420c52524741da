import { validationError } from '@gantry/errors';
import { Injectable } from '@nestjs/common';
import { collectionNotFound } from '../domain/refusals.ts';
import type { SearchQuery } from '../domain/search-query.ts';
import { RecordSearchStore, type Findings, type SearchWindow } from '../store/record-search.store.ts';

/** Words of a query: each costs its share of every match. */
const MAX_WORDS = 32;

/** Searches the documents of a collection. */
@Injectable()
export class RecordSearch {
  constructor(private readonly store: RecordSearchStore) {}

  /**
   * Records that match a query, the best first.
   *
   * @throws GantryError `collection_not_found`, or `validation_error` if there is no word in the query, or too many
   */
  async search(collection: string, query: SearchQuery, window: SearchWindow): Promise<Findings> {
    if (query.words.length > MAX_WORDS) {
      throw validationError('There are too many words to search for.', [
        { path: '/query', message: `must contain at most ${MAX_WORDS} words` },
      ]);
    }
    const { collectionExists, hasWords } = await this.store.begin(collection, query);
    if (!collectionExists) throw collectionNotFound(collection);
    if (!hasWords) {
      throw validationError('There is nothing to search for.', [
        { path: '/query', message: 'must contain a word or a number; punctuation alone is not searched for' },
      ]);
    }
    return this.store.find(query, window);
  }
}

import { describe, expect, it } from '@jest/globals';
import { parseSearchQuery } from '../domain/search-query.ts';
import type { RecordSearchStore, SearchSubject } from '../store/record-search.store.ts';
import { RecordSearch } from './record-search.ts';

/** A search in a store that has this subject and one finding. */
function search(subject: SearchSubject, query = 'a') {
  const findings = { matches: 1, records: [] };
  const store = { begin: async () => subject, find: async () => findings };
  return new RecordSearch(store as unknown as RecordSearchStore).search('notes', parseSearchQuery(query), {
    after: undefined,
    limit: 20,
  });
}

describe('RecordSearch', () => {
  it('refuses a collection that is not there, whatever is asked of it', async () => {
    const searching = search({ collectionExists: false, hasWords: false });
    await expect(searching).rejects.toMatchObject({ code: 'collection_not_found' });
  });

  it('refuses a query without words, which would match everything', async () => {
    const searching = search({ collectionExists: true, hasWords: false });
    await expect(searching).rejects.toMatchObject({ code: 'validation_error' });
  });

  it('refuses more words than a person searches for', async () => {
    const words = Array.from({ length: 33 }, (_, index) => `w${index}`).join(' ');
    const searching = search({ collectionExists: true, hasWords: true }, words);
    await expect(searching).rejects.toMatchObject({ code: 'validation_error' });
  });

  it('returns what was found', async () => {
    expect(await search({ collectionExists: true, hasWords: true })).toMatchObject({ matches: 1 });
  });
});

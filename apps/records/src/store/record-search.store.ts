import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { StoredRecord } from '../domain/record.ts';
import type { SearchQuery } from '../domain/search-query.ts';

/** So many matches are ranked at most: it keeps a search for a word that most records have as quick as others. */
export const MOST_RANKED = 2_000;

/**
 * A word that no document has. As an alternative it changes no match, for row-level security decides on those, but how
 * they are ranked: by the words there are, instead of by the distances of each from each, which takes seconds for many.
 */
const NEVER = "' '";

/** `ts_rank` divides by 1 + the logarithm of the length of the document. */
const NORMALIZED_BY_LENGTH = 1;

/** Where a record stands among what was found. */
export type SearchPosition = readonly [rank: number, id: string];

/** Which part of what was found to read. */
export interface SearchWindow {
  readonly after: SearchPosition | undefined;
  readonly limit: number;
}

/** What is known of a search before it is made. */
export interface SearchSubject {
  readonly collectionExists: boolean;
  /** False if there is nothing in the query to search for. */
  readonly hasWords: boolean;
}

/** A record with its rank: the greater, the better it matches. */
export interface FoundRecord extends StoredRecord {
  readonly rank: number;
}

/** What was found. */
export interface Findings {
  /** How many records match; one more than {@link MOST_RANKED} stands for any number beyond it. */
  readonly matches: number;
  readonly records: readonly FoundRecord[];
}

/** Finds the live records of a collection by their words, in the current unit of work. */
@Injectable()
export class RecordSearchStore {
  constructor(private readonly database: Database) {}

  /**
   * Makes a query what this unit of work searches for: row-level security shows the words of records only to a search.
   * The plan has to stay the one by way of the index, and must not be run by several processes: then the matches
   * that are ranked, if there are too many, would be others on each page.
   */
  async begin(collection: string, query: SearchQuery): Promise<SearchSubject> {
    const [subject] = await this.database.sql<SearchSubject[]>`
      select
        exists (select from collections where name = ${collection}) as "collectionExists",
        numnode(words) > 0 as "hasWords",
        set_config('gantry.search', (('''' || record_scope(${collection}) || '''')::tsquery && words)::text, true),
        set_config('enable_seqscan', 'off', true),
        set_config('max_parallel_workers_per_gather', '0', true)
      from ${this.#words(query)} as words`;
    return subject!;
  }

  /** Records that match the query that was begun with, the best first. */
  async find(query: SearchQuery, { after, limit }: SearchWindow): Promise<Findings> {
    const { sql } = this.database;
    const beyond =
      after && sql`where rank < ${after[0]}::real or (rank = ${after[0]}::real and record_id > ${after[1]})`;
    const rows = await sql<(FoundRecord & { matches: number })[]>`
      with matches as materialized (
        select record_id, ts_rank(search, words || ${NEVER}::tsquery, ${NORMALIZED_BY_LENGTH}) as rank
        from record_texts, ${this.#words(query)} as words
        limit ${MOST_RANKED + 1}
      ), page as (
        select record_id, rank from matches ${beyond ?? sql``}
        order by rank desc, record_id
        limit ${limit}
      )
      select
        matches, rank, id, collection, version, data,
        created_at as "createdAt", updated_at as "updatedAt", deleted_at as "deletedAt"
      from (select count(*)::int as matches from matches) as counted
      left join (page join records on records.id = page.record_id) on true
      order by rank desc, id`;
    return { matches: rows[0]!.matches, records: rows.filter(({ id }) => id !== null) };
  }

  #words(query: SearchQuery) {
    return this.database.sql`websearch_to_tsquery('simple', ${query.text})`;
  }
}

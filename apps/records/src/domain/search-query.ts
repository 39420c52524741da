/** What to search documents for. */
export interface SearchQuery {
  /** As `websearch_to_tsquery` takes it: words and phrases, all in quotes, with `-` and `or` between them. */
  readonly text: string;
  /** The words that a match has, for showing where they are. Those that it must not have are left out. */
  readonly words: readonly string[];
}

/** The same characters that `record_words` takes for space, in the migration that made it. */
const PUNCTUATION =
  /[!-/:-@[-`{-~\u00a0\u00ab\u00b7\u00bb\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u202f\u2039\u203a]+/g;

/** Words between quotes, the last of which may be missing, or one word. A hyphen in front of either excludes it. */
const TERM = /(?<excluded>-?)(?:"(?<phrase>[^"]*)"?|(?<word>[^\s"]+))/g;

/**
 * Reads a query as web searches do: words, `"phrases"`, `or`, `-excluded`. Any text is one. A word with punctuation
 * inside is a phrase, since documents are filed by the words around it: `2026-01-31`, `report.pdf`.
 */
export function parseSearchQuery(query: string): SearchQuery {
  const terms: string[] = [];
  const words: string[] = [];
  for (const { groups } of query.matchAll(TERM)) {
    const { excluded, phrase, word } = groups as { excluded: string; phrase?: string; word?: string };
    if (word?.toLowerCase() === 'or' && !excluded) {
      terms.push('or');
      continue;
    }
    const text = (phrase ?? word!).replaceAll(PUNCTUATION, ' ').trim();
    if (text === '') continue;
    terms.push(`${excluded}"${text}"`);
    if (!excluded) words.push(...text.toLowerCase().split(/\s+/));
  }
  return { text: terms.join(' '), words: [...new Set(words)] };
}

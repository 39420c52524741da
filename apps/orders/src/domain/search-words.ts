/** Letters and numbers of any script; marks belong to the letter before them. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Accents of Latin, Greek and Cyrillic letters, once they stand apart from them. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Longer words are cut: what follows is not needed to tell them apart. */
const MAX_LENGTH = 40;

/**
 * The words of a text as products are filed and searched by them: lower case, without accents, each once. `Côte` is
 * `cote`, and `NW-042` is `nw` and `042`.
 */
export function searchWords(text: string): string[] {
  const folded = text.normalize('NFKD').replaceAll(ACCENTS, '').toLowerCase();
  return [...new Set((folded.match(WORD) ?? []).map((word) => [...word].slice(0, MAX_LENGTH).join('')))];
}

/** `item` → `Item` */
export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `item` → `items`, `category` → `categories`, `box` → `boxes`. What follows no rule is for the caller to say. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** `an` item, `a` box. */
export function articleOf(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}

/** `reserve_table`, `reserve-table` → `ReserveTable` */
export function pascalCase(name: string): string {
  return name.split(/[_-]/).map(capitalized).join('');
}

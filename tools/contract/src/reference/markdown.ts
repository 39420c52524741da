/** A value as it is written in code, in the text or in a cell of a table. */
export function code(text: string): string {
  // A bar ends a cell, in code too.
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** A table; nothing if it has no rows. Columns in which every cell is empty are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const kept = head.map((_, column) => column).filter((column) => rows.some((row) => row[column] !== ''));
  const lines = [head, kept.map(() => '---'), ...rows].map((cells) =>
    cells === head || rows.includes(cells) ? kept.map((column) => cells[column]!) : cells,
  );
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What stands below a heading, with an empty line between any two parts; parts that are empty are left out. */
export function blocks(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What is folded until somebody wants to see it. */
export function folded(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Names of fields, tools, scopes and settings: `reserved_until`, `details.products[].sku`, `orders:pricing`. */
const NAME = /[A-Za-z]\w*(?:\[\])?(?:[.:]\w+(?:\[\])?)*/g;

/**
 * A text that was written for models, as Markdown: names in it are code, and lead to where they are described.
 *
 * @param linked - names that are headings of the page
 */
export function prose(text: string, linked: ReadonlySet<string> = new Set()): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\*<>|]/g, '\\$&')
    .replace(NAME, (name) => {
      if (linked.has(name)) return `[\`${name}\`](#${anchor(name)})`;
      return /\w_\w|\[\]|:/.test(name) ? `\`${name}\`` : name;
    });
}

/** A text that begins a cell, as it would begin a sentence; a name stays as it is. */
export function capital(text: string): string {
  return text.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());
}

/** Where a heading is, as GitHub names it. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** Thousands in groups, whatever the machine's language is. */
export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

/** A duration as people say it. */
export function duration(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms % 1_000 === 0 ? `${ms / 1_000} s` : `${ms} ms`;
}

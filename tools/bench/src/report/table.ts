/** A table: its head, and rows of as many cells. The first column is text, the others are figures. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** For a terminal. */
export function plainTable({ head, rows }: Table): string {
  const all = [head, ...rows];
  const widths = widthsOf(all);
  return all.map((cells) => pad(cells, widths).join('  ').trimEnd()).join('\n');
}

/** For a document, in the form that the formatter of this repository gives it. */
export function markdownTable({ head, rows }: Table): string {
  const widths = widthsOf([head, ...rows]).map((width) => Math.max(width, 3));
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [pad(head, widths), rule, ...rows.map((cells) => pad(cells, widths))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
}

function pad(cells: readonly string[], widths: readonly number[]): string[] {
  return cells.map((cell, column) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
  );
}

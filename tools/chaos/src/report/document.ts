import { table } from './printed.ts';
import type { Report } from './report.ts';

const BEGIN = '<!-- chaos -->';
const END = '<!-- /chaos -->';

/** Puts the figures into the document, between its two marks and in place of older ones. */
export function withFigures(document: string, report: Report): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document must have these two lines:\n${BEGIN}\n${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${figures(report)}\n\n${document.slice(end)}`;
}

function figures({ at, machine, loadAverageAfter, orders, strikes, tookMs, rows, skipped }: Report): string {
  const load = (averages: readonly number[]) => averages.map((average) => average.toFixed(1)).join(' ');
  const facts = [
    `${machine.cpu}, ${machine.processors} processors, ${(machine.memoryBytes / 1e9).toFixed(0)} GB, ${machine.system}, Node ${machine.node}`,
    machine.servers,
    `load average ${load(machine.loadAverageBefore)} before the run, ${load(loadAverageAfter)} after it`,
    `for each fault at least ${orders} paid orders and ${strikes} strikes; ${(tookMs / 60_000).toFixed(1)} min in all`,
    `Gantry at ${machine.commit}, ${at.slice(0, 10)}`,
    ...(skipped.length > 0 ? [`not run, for want of what it takes: ${skipped.join(', ')}`] : []),
  ];
  return `${markdown(table(rows))}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}

/** As Prettier has it. */
function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const padded = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)));
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head, ...body] = rows.map(padded);
  return [line(head!), line(rule), ...body.map(line)].join('\n');
}

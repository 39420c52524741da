import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { REPORT, ROOT } from '../lab/folders.ts';
import { UsageError } from '../options.ts';
import { withMeasured } from './markdown.ts';
import { readReport } from './report.ts';

/** Writes the figures of the last run into docs/benchmarks.md. */
export function writeDocs(): void {
  if (!existsSync(REPORT)) throw new UsageError('There are no figures yet: run the benchmark first.');
  const document = `${ROOT}docs/benchmarks.md`;
  writeFileSync(document, withMeasured(readFileSync(document, 'utf8'), readReport(REPORT)));
  console.log(`Wrote ${document}.`);
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LIBRARY_CHART, ROOT } from './folders.ts';
import { StagedCharts } from './helm.ts';

/** Lints a chart, and packs it into `dist/charts`. Returns what Helm says. */
export function packageChart(chart: string, destination = join(ROOT, 'dist/charts')): string {
  const isLibrary = chart === LIBRARY_CHART;
  using charts = new StagedCharts(isLibrary ? [] : [chart]);
  const folder = charts.path(chart);
  const values = isLibrary ? [] : ['--values', join(folder, 'ci/minimal-values.yaml')];
  mkdirSync(destination, { recursive: true });
  return (
    charts.helm(['lint', '--strict', folder, ...values]) +
    charts.helm(['package', folder, '--destination', destination])
  );
}

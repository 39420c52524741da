import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the charts are. */
export const CHARTS = join(ROOT, 'deploy/charts');

/** The chart that all others are made of. */
export const LIBRARY_CHART = 'gantry-service';

/** What is wrong with a command or what it works on, in words for whoever called it. */
export class ChartError extends Error {}

/** The services that have a chart; charts and apps have the same names. */
export function chartNames(): string[] {
  return readdirSync(CHARTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== LIBRARY_CHART)
    .map((entry) => entry.name)
    .sort();
}

/** A chart by the name of its service. */
export function chartNamed(name: string | undefined): string {
  const names = chartNames();
  if (name !== undefined && names.includes(name)) return name;
  throw new ChartError(`There is no chart '${name ?? ''}'; there are: ${names.join(', ')}.`);
}

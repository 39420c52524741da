import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { mergedValues } from './chart-values.ts';
import { CHARTS, LIBRARY_CHART, ROOT } from './folders.ts';
import { readme } from './readme.ts';
import { settingsOf } from './service-settings.ts';
import { valuesSchema, type ObjectSchema } from './values-schema.ts';
import { chartVariables } from './variables.ts';

/** Everything in a chart that follows from something else in the repository, by its path in the chart. */
export async function generatedFiles(chart: string): Promise<ReadonlyMap<string, string>> {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const folder = `deploy/charts/${chart}`;
  const common = `deploy/charts/${LIBRARY_CHART}`;
  const { description } = parse(read(`${folder}/Chart.yaml`)) as { description: string };
  const { version } = JSON.parse(read(`apps/${chart}/package.json`)) as { version: string };
  const variables = chartVariables(await settingsOf(chart));
  const values = mergedValues(read(`${common}/service.values.yaml`), read(`${folder}/own.values.yaml`));
  const schema = valuesSchema(JSON.parse(read(`${common}/service.schema.json`)) as ObjectSchema, variables);
  return new Map([
    ['Chart.yaml', withVersion(read(`${folder}/Chart.yaml`), version)],
    ['values.yaml', await pretty('values.yaml', values)],
    ['values.schema.json', await pretty('values.schema.json', JSON.stringify(schema))],
    ['README.md', await pretty('README.md', readme({ chart, description, version, variables, values }))],
    ['files/alerts.yaml', read(`deploy/observability/alerts/${chart}.yaml`)],
  ]);
}

/** Writes those files of a chart that are not as they should be, and returns their paths. */
export async function writeGenerated(chart: string): Promise<string[]> {
  const written: string[] = [];
  for (const [path, text] of await generatedFiles(chart)) {
    const file = join(CHARTS, chart, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    written.push(`deploy/charts/${chart}/${path}`);
  }
  return written;
}

/** Chart and service are released together, under one version. */
function withVersion(chartYaml: string, version: string): string {
  return chartYaml.replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`);
}

async function pretty(name: string, text: string): Promise<string> {
  const filepath = join(CHARTS, name);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

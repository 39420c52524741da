import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartValues, type ChartValue } from './chart-values.ts';
import { CHARTS } from './folders.ts';
import { OWNER_URL, type ChartVariables } from './variables.ts';

/** What README.md of a chart is made of. */
export interface ReadmeParts {
  readonly chart: string;
  readonly description: string;
  readonly version: string;
  readonly variables: ChartVariables;
  /** Text of its values.yaml. */
  readonly values: string;
}

const TEMPLATE = new URL('./readme.template.md', import.meta.url);

/** README.md of a chart: the template with the least values, the secrets, and a table of all values. */
export function readme({ chart, description, version, variables, ...texts }: ReadmeParts): string {
  const values = chartValues(texts.values);
  const parts: Record<string, string> = {
    chart,
    description,
    version,
    'secret-arguments': secretsOf(values)
      .map((name) => `  --from-file=${name} \\`)
      .join('\n'),
    'owner-url': OWNER_URL,
    'minimal-values': readFileSync(join(CHARTS, chart, 'ci/minimal-values.yaml'), 'utf8').trim(),
    secrets: table(
      ['Variable', 'Needed', ''],
      variables.secrets.map(({ name, description }) => [
        `\`${name}\``,
        variables.required.has(name) ? 'yes' : '',
        description,
      ]),
    ),
    values: table(
      ['Value', 'Default', ''],
      values.map(({ path, initial, description }) => [
        `\`${path}\``,
        initial && `\`${initial}\``,
        description,
      ]),
    ),
  };
  return readFileSync(TEMPLATE, 'utf8').replaceAll(/\$\(([a-z-]+)\)/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`The template asks for ${name}.`);
    return part;
  });
}

/** The secrets that the chart asks for by default. */
function secretsOf(values: readonly ChartValue[]): string[] {
  const prefix = 'secrets.variables.';
  return values.filter(({ path }) => path.startsWith(prefix)).map(({ path }) => path.slice(prefix.length));
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

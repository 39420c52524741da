import type { MetricSnapshot, SettingSnapshot } from '../snapshot.ts';
import { boundsOf, typeOf } from './fields.ts';
import { anchor, blocks, code, prose, table } from './markdown.ts';

/** Environment variables: those that have to be set, then all of them by whom they belong to. */
export function settingsSection(settings: readonly SettingSnapshot[], service: string): string {
  const groups = [...new Set(settings.map(({ group }) => group))].sort(
    (a, b) => Number(b === service) - Number(a === service) || (a < b ? -1 : 1),
  );
  const required = settings.filter((setting) => setting.required).map(({ name }) => code(name));
  return blocks(
    `The service does not start without ${required.join(', ')}, nor with a variable \`MCP_…\` that is not listed here.`,
    'A secret may also come from a file: `MCP_X_FILE` names it in the place of `MCP_X`, and a change of the file is followed.',
    groups.map((group) => `[${group}](#${anchor(heading(group))})`).join(' · '),
    ...groups.map((group) =>
      groupSection(
        group,
        settings.filter((setting) => setting.group === group),
      ),
    ),
  );
}

function groupSection(group: string, settings: readonly SettingSnapshot[]): string {
  const rows = settings.map((setting) => [
    code(setting.name),
    [typeOf(setting.schema), boundsOf(setting.schema)].filter((text) => text !== '').join(', '),
    fallback(setting),
    [setting.secret ? '**Secret.**' : '', prose(setting.description)].filter((text) => text !== '').join(' '),
  ]);
  return blocks(`### ${heading(group)}`, table(['variable', 'value', 'default', 'description'], rows));
}

function heading(group: string): string {
  return `Settings: ${group}`;
}

function fallback({ required, default: value }: SettingSnapshot): string {
  if (required) return 'required';
  return value === undefined ? 'not set' : code(value);
}

/** Metrics at `/metrics`. */
export function metricsSection(metrics: readonly MetricSnapshot[]): string {
  const rows = metrics.map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    prose(help),
  ]);
  return blocks(
    'At `/metrics`, beside `process_…` and `nodejs_…`, which every Node process has. A histogram is three series: `…_bucket`, `…_sum` and `…_count`.',
    table(['metric', 'type', 'labels', 'shows'], rows),
  );
}

import type { MetricSnapshot, SettingSnapshot, Snapshot } from '../snapshot.ts';
import { changesByName } from './by-name.ts';
import { changesOf, missingFrom, shown, wording, type Change, type Difference } from './change.ts';
import { schemaDifferences } from './schemas.ts';

/** Changes of what those rely on who deploy the service and watch it: settings and metrics. */
export function operatingChanges(before: Snapshot, after: Snapshot): Change[] {
  return [
    ...changesByName('setting', before.settings, after.settings, nameOf, changesOfSetting).map(
      requiredAtOnce(after),
    ),
    ...changesByName('metric', before.metrics, after.metrics, nameOf, changesOfMetric),
  ];
}

function nameOf({ name }: { name: string }): string {
  return name;
}

/** A service with a new setting that has to be set does not start where it did. */
function requiredAtOnce({ settings = [] }: Snapshot): (change: Change) => Change {
  const required = new Set(settings.filter((one) => one.required).map(({ name }) => `setting ${name}`));
  return (change) =>
    change.what === 'is new' && required.has(change.subject)
      ? { ...change, kind: 'breaking', what: 'is new and required' }
      : change;
}

function changesOfSetting(before: SettingSnapshot, after: SettingSnapshot, subject: string): Change[] {
  return changesOf(subject, [
    ...schemaDifferences(before.schema, after.schema, { side: 'input', path: 'value' }),
    ...wording('description', before.description, after.description),
    ...defaultDifferences(before.default, after.default),
    ...flagDifferences(before, after),
  ]);
}

/** The service chooses it for those who leave it open. */
function defaultDifferences(was: string | undefined, is: string | undefined): Difference[] {
  return was === is ? [] : [{ kind: 'additive', what: `default: is ${shown(is)}, was ${shown(was)}` }];
}

function flagDifferences(before: SettingSnapshot, after: SettingSnapshot): Difference[] {
  const differences: Difference[] = [];
  if (before.required !== after.required)
    differences.push(
      after.required
        ? { kind: 'breaking', what: 'is required now' }
        : { kind: 'additive', what: 'is no longer required' },
    );
  if (before.secret !== after.secret)
    differences.push(
      after.secret
        ? { kind: 'additive', what: 'is a secret now, and may come from a file' }
        : { kind: 'breaking', what: 'is no secret any more: a file with it is refused' },
    );
  return differences;
}

function changesOfMetric(before: MetricSnapshot, after: MetricSnapshot, subject: string): Change[] {
  const differences: Difference[] = wording('help', before.help, after.help);
  if (before.type !== after.type)
    differences.push({ kind: 'breaking', what: `is a ${after.type}, was a ${before.type}` });
  for (const label of missingFrom(after.labels, before.labels))
    differences.push({ kind: 'breaking', what: `label ${label} is gone` });
  for (const label of missingFrom(before.labels, after.labels))
    differences.push({ kind: 'additive', what: `label ${label} is new` });
  return changesOf(subject, differences);
}

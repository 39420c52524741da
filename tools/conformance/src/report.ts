import type { AuthResult } from './auth/auth-check.ts';
import type { Finding, Verdict } from './official/judge.ts';

/** How one server did in the official suite. */
export interface OfficialOutcome extends Verdict {
  readonly suite: string;
  readonly revision: string;
  readonly server: string;
}

/** How one service did in our own checks of authorization. */
export interface AuthOutcome {
  readonly server: string;
  readonly checks: readonly AuthResult[];
}

/** Everything that was run. */
export interface Report {
  readonly official: readonly OfficialOutcome[];
  readonly auth: readonly AuthOutcome[];
}

/** Nothing failed but what was expected to, and all of that did. */
export function isGood({ official, auth }: Report): boolean {
  return (
    official.every(({ findings, stale }) => findings.every(isExpected) && stale.length === 0) &&
    auth.every(({ checks }) => checks.every(hasPassed))
  );
}

/** One line for each server and suite. */
export function table({ official, auth }: Report): string {
  const head = [
    'suite',
    'revision',
    'server',
    'scenarios passed',
    'checks passed',
    'FAILED',
    'expected',
    'vacuous',
    'skipped',
    'STALE',
  ];
  return aligned([head, ...official.map(officialRow), ...auth.map(authRow)], 3);
}

function officialRow(outcome: OfficialOutcome): string[] {
  const { suite, revision, server, scenarios, scenariosPassed, findings, stale } = outcome;
  const expected = findings.filter(isExpected);
  const vacuous = expected.filter(({ kind }) => kind === 'vacuous').length;
  const counts = [
    outcome.checksPassed,
    findings.length - expected.length,
    expected.length - vacuous,
    vacuous,
    outcome.checksSkipped,
    stale.length,
  ];
  return [suite, revision, server, `${scenariosPassed} of ${scenarios}`, ...counts.map(String)];
}

function authRow({ server, checks }: AuthOutcome): string[] {
  const passed = checks.filter(hasPassed).length;
  const counts = [passed, checks.length - passed].map(String);
  return ['auth', 'both', server, '', ...counts, '', '', '', ''];
}

/** Each of our own checks, and how each service did. */
export function authTable({ auth }: Report): string {
  const [first] = auth;
  if (!first) return '';
  const rows = first.checks.map(({ name, reference }, at) => [
    name,
    reference,
    ...auth.map(({ checks }) => (hasPassed(checks[at]!) ? 'ok' : 'FAILED')),
  ]);
  return aligned([['check', 'reference', ...auth.map(({ server }) => server)], ...rows], 2);
}

/** What went wrong, and what was to be expected with its reason. What has the same reason is told together. */
export function details({ official, auth }: Report): string {
  const lines = [...official.flatMap(officialLines), ...auth.flatMap(authLines)];
  return [...Map.groupBy(lines, ({ heading }) => heading)]
    .map(([heading, same]) => {
      const subjects = unique(same.map(({ subject }) => subject));
      return `${heading}\n          ${subjects} (${unique(same.map(({ where }) => where))})`;
    })
    .join('\n');
}

interface Line {
  readonly heading: string;
  readonly subject: string;
  readonly where: string;
}

function officialLines({ revision, server, findings, stale }: OfficialOutcome): Line[] {
  const where = `${server} ${revision}`;
  return [
    ...findings.map((finding) => ({
      where,
      heading: headingOf(finding),
      subject: finding.expected?.entry ?? finding.subject,
    })),
    ...stale.map((subject) => ({
      where,
      heading: 'STALE     It does not fail any more: take it out of expected-failures.',
      subject,
    })),
  ];
}

function headingOf({ kind, message, expected }: Finding): string {
  if (!expected) return `FAILED    ${kind === 'vacuous' ? 'It proves nothing. ' : ''}${message}`;
  return `${kind === 'vacuous' ? 'vacuous ' : 'expected'}  ${expected.reason}`;
}

function authLines({ server, checks }: AuthOutcome): Line[] {
  return checks
    .filter((check) => !hasPassed(check))
    .map(({ name, problem }) => ({ where: server, heading: `FAILED    ${problem}`, subject: name }));
}

function unique(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}

function isExpected({ expected }: Finding): boolean {
  return expected !== undefined;
}

function hasPassed({ problem }: AuthResult): boolean {
  return problem === undefined;
}

/** Columns, those after the first few aligned to the right. */
function aligned(rows: readonly (readonly string[])[], toTheLeft: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at < toTheLeft ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

import type { ExpectedFailures } from './expected-failures.ts';
import type { Check, ScenarioRun } from './suite.ts';

/** Something that was not proved. */
export interface Finding {
  /** `scenario` or `scenario:check-id`. */
  readonly subject: string;
  /** `vacuous`: the suite counts it as passed, though nothing was proved. */
  readonly kind: 'failed' | 'vacuous';
  readonly message: string;
  /** The entry of the expected failures that it falls under, and why it is there. */
  readonly expected?: { readonly entry: string; readonly reason: string };
}

/** How the scenarios of one server went. */
export interface Verdict {
  readonly scenarios: number;
  /** Of which nothing was found. */
  readonly scenariosPassed: number;
  readonly checksPassed: number;
  /** Checks that do not apply, as the suite says. */
  readonly checksSkipped: number;
  readonly findings: readonly Finding[];
  /** What was expected to fail and does not any more, or is not there. */
  readonly stale: readonly string[];
}

/** The suite holds every message against the schema. A scenario of which nothing else passes proves nothing. */
const ALWAYS_THERE = 'wire-schema-valid';

/** The only scenario that wants an error for an answer. */
const WANTS_ERROR = 'tools-call-error';

/** Holds what was found against what was expected. */
export function judge(runs: readonly ScenarioRun[], expected: ExpectedFailures): Verdict {
  const found = runs.map((run) => findingsOf(run).map((finding) => withReason(finding, expected)));
  const findings = found.flat();
  const used = new Set(findings.map((finding) => finding.expected?.entry));
  const checks = runs.flatMap((run) => ownChecks(run));
  return {
    scenarios: runs.length,
    scenariosPassed: found.filter(({ length }) => length === 0).length,
    checksPassed: checks.filter(hasPassed).length,
    checksSkipped: checks.filter(({ status }) => status === 'SKIPPED').length,
    findings,
    stale: [...expected.keys()].filter((entry) => !used.has(entry)),
  };
}

/** A whole scenario may be expected to fail, but never to send what the schema does not allow. */
function withReason(finding: Finding, expected: ExpectedFailures): Finding {
  const [scenario, check] = finding.subject.split(':');
  const entry = [finding.subject, ...(check === ALWAYS_THERE ? [] : [scenario!])].find((name) =>
    expected.has(name),
  );
  return entry === undefined ? finding : { ...finding, expected: { entry, reason: expected.get(entry)! } };
}

function ownChecks({ checks }: ScenarioRun): Check[] {
  return checks.filter(({ id }) => id !== ALWAYS_THERE);
}

function findingsOf(run: ScenarioRun): Finding[] {
  const { scenario, checks } = run;
  const own = ownChecks(run);
  const failed = checks.some(({ status }) => status === 'FAILURE');
  if (!failed && !own.some(hasPassed)) {
    const message = [...new Set(own.map(messageOf))].filter(Boolean).join(' · ') || 'It checks nothing.';
    return [{ subject: scenario, kind: 'vacuous', message }];
  }
  const bySubject = new Map<string, Finding>();
  for (const check of checks) {
    const kind = kindOf(check);
    const subject = `${scenario}:${check.id}`;
    // An id may come more than once; the worst of it counts.
    if (kind === undefined || bySubject.get(subject)?.kind === 'failed') continue;
    bySubject.set(subject, { subject, kind, message: messageOf(check) });
  }
  return [...bySubject.values()];
}

function kindOf(check: Check): Finding['kind'] | undefined {
  if (check.status === 'FAILURE') return 'failed';
  return check.status === 'WARNING' || isRefusal(check) ? 'vacuous' : undefined;
}

function hasPassed(check: Check): boolean {
  return check.status === 'SUCCESS' && !isRefusal(check);
}

/** Some checks want any result at all, and take a refusal for one. */
function isRefusal({ id, status, details }: Check): boolean {
  return status === 'SUCCESS' && details?.result?.isError === true && id !== WANTS_ERROR;
}

function messageOf(check: Check): string {
  if (isRefusal(check)) return 'It passes, but the answer it passes for is an error.';
  return check.errorMessage ?? check.details?.message ?? '';
}

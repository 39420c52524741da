/** What one check found out. */
export interface Check {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'not met' | 'not checked';
  /** One line: what was looked at, or why it could not be. */
  readonly summary: string;
  /** What has to be mended, one line each. */
  readonly findings: readonly string[];
}

/** A check that could be made: it has passed if it found nothing. */
export function checked(name: string, summary: string, findings: readonly string[]): Check {
  return { name, result: findings.length === 0 ? 'passed' : 'failed', summary, findings };
}

/** What we know to be missing, and go on without. It fails nothing, but the report never hides it. */
export function notMet(name: string, what: string): Check {
  return { name, result: 'not met', summary: what, findings: [] };
}

/** A check that could not be made here. It fails nothing either. */
export function notChecked(name: string, reason: string): Check {
  return { name, result: 'not checked', summary: reason, findings: [] };
}

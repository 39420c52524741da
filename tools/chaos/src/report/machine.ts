import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type as systemName } from 'node:os';

/** Where, and of what, figures were taken. */
export interface MachineFacts {
  readonly cpu: string;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** The commit, marked if something was changed since. */
  readonly commit: string;
  /** Which Postgres and which Redis. */
  readonly servers: string;
  readonly loadAverageBefore: readonly number[];
}

/** Of this machine, now: before anything else is started. */
export function machineFacts(): Omit<MachineFacts, 'servers'> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    processors: cpus().length,
    memoryBytes: totalmem(),
    system: `${systemName()} ${release()}`,
    node: process.version,
    commit: commit(),
    loadAverageBefore: loadavg(),
  };
}

function commit(): string {
  try {
    const describe = ['describe', '--always', '--abbrev=12', '--exclude=*', '--dirty'];
    return execFileSync('git', describe, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

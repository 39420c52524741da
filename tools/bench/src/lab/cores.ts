import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Which processors do what: one serves, the others do all the rest. */
export interface Cores {
  readonly server: number;
  readonly others: readonly number[];
}

/** Processors out of a list such as `0-2,5`, as /proc/self/status has it. */
export function parseCores(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index);
  });
}

/** The last processor serves; undefined where processes cannot be pinned. */
export function chooseCores(allowed: readonly number[]): Cores | undefined {
  if (allowed.length < 2) return undefined;
  return { server: allowed.at(-1)!, others: allowed.slice(0, -1) };
}

function findCores(): Cores | undefined {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (!list || spawnSync('taskset', ['--version']).status !== 0) return undefined;
    return chooseCores(parseCores(list));
  } catch {
    return undefined;
  }
}

/** Of this machine; undefined where processes cannot be pinned. */
export const cores = findCores();

/** Where a process belongs: on the processor of the measured server, or on any. */
export type Role = 'server' | 'anywhere';

/** A command, pinned to the processors of its role. Without it, it inherits those of this process. */
export function pinned(role: Role, command: readonly string[]): string[] {
  if (!cores) return [...command];
  const list = role === 'server' ? [cores.server] : [...cores.others, cores.server];
  return ['taskset', '--cpu-list', list.join(','), ...command];
}

/** Puts this process, and all that it starts, out of the way of the server. */
export function pinThisProcess(): void {
  if (!cores) return;
  const list = cores.others.join(',');
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', list, String(process.pid)]);
}

/** For people. */
export function describeCores(): string {
  if (!cores)
    return 'NOT PINNED: no taskset, or one processor only. The server shares its processor with its clients.';
  return `pinned: servers on processor ${cores.server}; load generator, Postgres and the rest on ${cores.others.join(',')}`;
}

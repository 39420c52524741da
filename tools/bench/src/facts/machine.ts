import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type as systemName } from 'node:os';
import { describeCores } from '../lab/cores.ts';
import { PEERS, ROOT } from '../lab/folders.ts';

/** Where and of what a measurement was made. */
export interface MachineFacts {
  readonly cpu: string;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** The commit, marked if something was changed since. */
  readonly commit: string;
  readonly pinning: string;
  readonly postgres: string;
  readonly loadAverageBefore: readonly number[];
  /** By package. */
  readonly peers: Readonly<Record<string, string>>;
}

const MEASURED = [
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/node',
  '@modelcontextprotocol/sdk',
  '@rekog/mcp-nest',
  'fastmcp',
  '@nestjs/core',
];

/** Of this machine, now: before anything is measured. */
export function machineFacts(postgres: string): MachineFacts {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    // Not availableParallelism(): this process is pinned already.
    processors: cpus().length,
    memoryBytes: totalmem(),
    system: `${systemName()} ${release()}`,
    node: process.version,
    commit: commit(),
    pinning: describeCores(),
    postgres,
    loadAverageBefore: loadavg(),
    peers: Object.fromEntries(MEASURED.flatMap((name) => versionOf(name))),
  };
}

function commit(): string {
  try {
    const describe = ['describe', '--always', '--abbrev=12', '--exclude=*', '--dirty'];
    return execFileSync('git', describe, { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function versionOf(name: string): [string, string][] {
  const manifest = `${PEERS}node_modules/${name}/package.json`;
  if (!existsSync(manifest)) return [];
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return [[name, version]];
}

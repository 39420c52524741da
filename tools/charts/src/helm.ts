import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchedHelm } from './fetched-helm.ts';
import { ChartError, CHARTS, LIBRARY_CHART } from './folders.ts';

/** The first Helm with all that the charts use. */
const OLDEST: readonly [major: number, minor: number] = [3, 14];

let found: string | undefined;

/** The installed Helm if it is new enough, else one that is fetched. */
export function helmProgram(): string {
  found ??= isNewEnough(spawnSync('helm', ['version', '--short'], { encoding: 'utf8' }).stdout)
    ? 'helm'
    : fetchedHelm();
  return found;
}

/** Is this the output of a Helm that can be used? */
export function isNewEnough(version: string | null): boolean {
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined) return false;
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
}

/**
 * Copies of charts, each with the library chart that belongs to it, in a folder of their own. Helm would put the
 * library's copy into the work tree, where it grows old unnoticed.
 */
export class StagedCharts {
  readonly folder: string;

  constructor(names: readonly string[]) {
    this.folder = mkdtempSync(join(tmpdir(), 'gantry-charts-'));
    try {
      for (const name of [LIBRARY_CHART, ...names]) this.#copy(name);
      for (const name of names) this.helm(['dependency', 'update', '--skip-refresh', this.path(name)]);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Runs Helm, without anything of the user's, and returns what it has printed. */
  helm(args: readonly string[]): string {
    const home = join(this.folder, '.helm');
    const env = { ...process.env, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
    const { status, stdout, stderr, error } = spawnSync(helmProgram(), args, { encoding: 'utf8', env });
    if (error) throw error;
    if (status !== 0) throw new ChartError(`helm ${args.join(' ')}\n${stderr}${stdout}`);
    return stdout;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Without a copy of the library that somebody's Helm has left there. */
  #copy(name: string): void {
    const source = join(CHARTS, name);
    const filter = (file: string) => file !== join(source, 'charts');
    cpSync(source, this.path(name), { recursive: true, filter });
  }
}

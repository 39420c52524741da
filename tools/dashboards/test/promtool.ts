import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Prometheus' own checker; GANTRY_PROMTOOL names one that is not on the path. */
const programOf = (env: NodeJS.ProcessEnv) => env['GANTRY_PROMTOOL'] || 'promtool';

const MISSING =
  'SKIPPED: tests of alert rules and expressions, because there is no promtool. It comes with Prometheus (on Debian: ' +
  'apt-get install prometheus). GANTRY_PROMTOOL names one that is not on the path.';

/**
 * Is there one? Where there is none this says so aloud, so that the tests that need it are skipped; with
 * GANTRY_REQUIRE_CONTAINERS=1, as in CI, it throws instead.
 */
export function hasPromtool(env: NodeJS.ProcessEnv = process.env): boolean {
  if (spawnSync(programOf(env), ['--version']).status === 0) return true;
  if (env['GANTRY_REQUIRE_CONTAINERS'] === '1') throw new Error(MISSING);
  process.stderr.write(`${MISSING}\n`);
  return false;
}

/** Runs promtool on files that are made for it; the first of them is given to it. Throws what it complains of. */
export function promtool(command: readonly string[], files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-promtool-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const args = [...command, Object.keys(files)[0]!];
    const { status, stdout, stderr } = spawnSync(programOf(process.env), args, {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

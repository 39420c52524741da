import { describe } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';

/** Runs Docker and returns what it prints. */
export function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** One value of what Docker knows about an image or a container. */
export function inspect<T>(name: string, template: string): T {
  return JSON.parse(docker('inspect', '--format', `{{json ${template}}}`, name)) as T;
}

/** As `describe`; skipped aloud on machines without a Docker engine, where CI fails. */
export function describeWithDocker(name: string, tests: () => void): void {
  const answers = spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
  describeUnless(answers ? undefined : 'No Docker engine answers.', name, tests);
}

/** As `describe`; skipped aloud on machines where something is missing, where CI fails. */
export function describeUnless(missing: string | undefined, name: string, tests: () => void): void {
  const title = missing === undefined ? name : `${name} (skipped: ${missing})`;
  (missing === undefined ? describe : describe.skip)(title, tests);
  if (missing === undefined) return;
  if (process.env['GANTRY_REQUIRE_CONTAINERS'] === '1') throw new Error(missing);
  process.stderr.write(`Not tested: ${name}. ${missing}\n`);
}

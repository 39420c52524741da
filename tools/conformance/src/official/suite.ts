import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const PROGRAM = require.resolve('@modelcontextprotocol/conformance/dist/index.js');

/** All scenarios of a revision take less than half a minute. */
const TIMEOUT_MS = 180_000;

/** Revisions that the suite has requirements for, and Gantry speaks. */
export const REVISIONS = ['2026-07-28', '2025-11-25'] as const;

/** See {@link REVISIONS}. */
export type Revision = (typeof REVISIONS)[number];

/** What one check of a scenario found. */
export interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
  readonly details?: { readonly message?: string; readonly result?: { readonly isError?: boolean } | null };
}

/** A scenario as it went. */
export interface ScenarioRun {
  readonly scenario: string;
  readonly checks: readonly Check[];
}

/**
 * Runs all that a revision asks for, as `conformance server --requirements` does, and reads what each check found: its
 * exit code counts warnings as passed, and leaves out what is not scored.
 *
 * @param select - which scenarios matter, of those that were run; what is selected and was not run has failed
 */
export async function runSuite(
  url: string,
  revision: Revision,
  select: (scenarios: readonly string[]) => readonly string[],
): Promise<ScenarioRun[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-conformance-'));
  try {
    const args = [PROGRAM, 'server', '--url', url, '--requirements', revision, '--output-dir', folder];
    // Its exit code says nothing that the checks do not say better.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      timeout: TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, NODE_OPTIONS: undefined },
    }).catch((error: { stdout: string; stderr: string }) => error);
    const scenarios = [...stdout.matchAll(/^=== Running scenario: (\S+) ===$/gm)].map(([, name]) => name!);
    if (!stdout.includes('=== SUMMARY ===')) throw new Error(`The suite broke off.\n${stdout}\n${stderr}`);
    const results = await readdir(folder);
    return await Promise.all(select(scenarios).map((scenario) => readRun(folder, results, scenario)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readRun(folder: string, results: string[], scenario: string): Promise<ScenarioRun> {
  const result = results.find(
    (name) => name.replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '') === `server-${scenario}`,
  );
  try {
    if (!result) throw new Error('It was not run.');
    const checks = JSON.parse(await readFile(join(folder, result, 'checks.json'), 'utf8')) as Check[];
    return { scenario, checks };
  } catch (error) {
    // A scenario that throws leaves nothing behind; that must not look like one that found nothing.
    const errorMessage = `The scenario itself failed: ${(error as Error).message}`;
    return { scenario, checks: [{ id: scenario, status: 'FAILURE', errorMessage }] };
  }
}

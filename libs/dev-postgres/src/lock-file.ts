import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A server whose parent was killed needs a moment to shut down. */
const GRACE_MS = 5_000;

/**
 * Removes a dead server's lock file where Postgres would not: it takes the server for alive if the
 * process id was given to another process meanwhile, which is common in containers.
 *
 * A server that lives is never touched: it gets a moment to finish, then this throws.
 */
export async function clearStaleLock(dataDirectory: string, graceMs = GRACE_MS): Promise<void> {
  const lockFile = join(dataDirectory, 'postmaster.pid');
  const giveUp = Date.now() + graceMs;
  for (;;) {
    const lock = await readFile(lockFile, 'utf8').catch(() => '');
    const [pid = '', , , port = ''] = lock.split('\n');
    // Whatever belongs to no process, Postgres sorts out better: it also looks for surviving backends.
    if (!exists(Number(pid))) return;
    if (!(await commandLineOf(pid)).includes(dataDirectory)) return rm(lockFile, { force: true });
    if (Date.now() >= giveUp) {
      throw new Error(
        `${dataDirectory} is in use by another server: process ${pid}, port ${port}. Stop it first.`,
      );
    }
    await sleep(100);
  }
}

function exists(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Empty if the process is gone, or dead and not yet reaped. */
async function commandLineOf(pid: string): Promise<string> {
  // Slim images have no ps, macOS has no /proc.
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return promisify(execFile)('ps', ['-p', pid, '-o', 'command=']).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

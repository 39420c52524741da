import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Part of the command line of every process that serves. */
const COMMAND = /tools\/dev\/.* serve/;

/** The file in which a running stack leaves its process id. */
export class RunningMark {
  readonly #file: string;

  constructor(stateDirectory: string) {
    this.#file = join(stateDirectory, 'serve.pid');
  }

  /** Process id of the stack that runs with this state, if one does. A mark left by a killed one does not count. */
  async owner(): Promise<number | undefined> {
    const pid = Number(await readFile(this.#file, 'utf8').catch(() => Number.NaN));
    if (!Number.isInteger(pid) || pid === process.pid) return undefined;
    return COMMAND.test(await commandLineOf(pid)) ? pid : undefined;
  }

  /** Takes the mark. Ask for {@link owner} first. */
  async take(): Promise<void> {
    await mkdir(join(this.#file, '..'), { recursive: true });
    await writeFile(this.#file, String(process.pid));
  }

  /** Gives it back. */
  async drop(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

/** With blanks between the arguments; empty if there is no such process. */
async function commandLineOf(pid: number): Promise<string> {
  // Slim images have no ps, macOS has no /proc.
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (text) => text.replaceAll('\0', ' '),
      () => '',
    );
  }
  return promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

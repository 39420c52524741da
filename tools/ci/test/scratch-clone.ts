import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, globSync, lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** What Nx tells its tasks would make it look at this checkout instead of the clone; it has its own cache too. */
const ENV = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NX_'))),
  NX_DAEMON: 'false',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, 'Test'],
      [`GIT_${role}_EMAIL`, 'test@example.com'],
    ]),
  ),
  PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
};

/** A clone of this checkout as it is, also of what is not committed yet, to change things in. */
export class ScratchClone {
  readonly root = mkdtempSync(join(tmpdir(), 'gantry-clone-'));

  constructor() {
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    }).split('\0');
    for (const file of new Set(files)) {
      // Git lists files that are deleted, but not in a commit yet.
      const entry = lstatSync(join(ROOT, file), { throwIfNoEntry: false });
      if (entry?.isFile()) cpSync(join(ROOT, file), join(this.root, file));
    }
    for (const folder of globSync('{,{apps,libs,tools,examples}/*/}node_modules', { cwd: ROOT }))
      symlinkSync(join(ROOT, folder), join(this.root, folder));
    this.run('git', 'init', '--quiet', '--initial-branch=main');
    // As a folder it is ignored, as a link it is not.
    appendFileSync(join(this.root, '.git/info/exclude'), 'node_modules\n');
    this.commit('The checkout');
  }

  /** Runs a program in the clone, and answers with what it printed. */
  run(program: string, ...args: readonly string[]): string {
    return execFileSync(program, args, {
      cwd: this.root,
      env: ENV,
      encoding: 'utf8',
      // What fails tells why in its error.
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Adds a line to a file, on a branch of its own that starts at main. */
  change(branch: string, file: string, line: string): void {
    this.run('git', 'switch', '--quiet', '--create', branch, 'main');
    appendFileSync(join(this.root, file), `\n${line}\n`);
    this.commit(branch);
  }

  commit(message: string): void {
    this.run('git', 'add', '--all');
    this.run('git', 'commit', '--quiet', '--no-verify', `--message=${message}`);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

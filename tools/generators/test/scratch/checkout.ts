import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/** Files of npm and make that are rewritten in place: as links they would change in this checkout, too. */
const REWRITTEN = ['.package-lock.json', '.gantry-installed'];

/**
 * A copy of this checkout as it is, also of what is not committed yet, with `node_modules` of its own: packages can be
 * linked into it.
 */
export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), 'gantry-generators-'));

  constructor() {
    // The embedded Postgres may run as another user.
    chmodSync(this.root, 0o755);
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const files = execFileSync('git', list, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })
      .split('\0')
      // Git lists files that are deleted, but not in a commit yet.
      .filter((file) => file !== '' && existsSync(join(ROOT, file)));
    const copy = ['--parents', '--preserve=mode,timestamps', '--target-directory', this.root];
    execFileSync('xargs', ['--null', 'cp', ...copy], { cwd: ROOT, input: files.join('\0') });
    // Hard links: nearly a gigabyte is there in seconds.
    execFileSync('cp', ['--recursive', '--link', '--no-dereference', join(ROOT, 'node_modules'), this.root]);
    for (const name of REWRITTEN) {
      const file = join('node_modules', name);
      if (!existsSync(join(ROOT, file))) continue;
      rmSync(join(this.root, file));
      copyFileSync(join(ROOT, file), join(this.root, file));
    }
  }

  /** Variables for programs that run here: none of what the tests of the other checkout were given. */
  get env(): NodeJS.ProcessEnv {
    const outer = Object.entries(process.env).filter(
      ([name]) => !/^(NX_|NODE_OPTIONS$|MAKE|npm_)/.test(name),
    );
    return {
      ...Object.fromEntries(outer),
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      PATH: [join(this.root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    };
  }

  /**
   * Runs a program, and answers with what it printed.
   *
   * @throws Error with all that it printed, if it fails
   */
  run(program: string, ...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.root,
      env: this.env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs specs of a project: those whose path has one of these in it. */
  jest(project: string, ...paths: readonly string[]): void {
    const jest = join(this.root, 'node_modules/jest/bin/jest.js');
    this.run(
      'node',
      '--experimental-vm-modules',
      jest,
      '--rootDir',
      project,
      '--config',
      `${project}/jest.config.js`,
      '--no-coverage',
      ...paths,
    );
  }

  /** As `npm ci` does it: `make` has nothing to install. */
  markInstalled(): void {
    writeFileSync(join(this.root, 'node_modules/.gantry-installed'), '');
  }

  /** Serves the development stack until it is stopped. */
  async serve(portBase: number): Promise<RunningStack> {
    const env = { ...this.env, GANTRY_PORT_BASE: String(portBase) };
    const child = spawn('make', ['serve'], {
      cwd: this.root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    const started = new Promise<boolean>((resolve) => {
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (output.includes('Ctrl-C stops it all.')) resolve(true);
        });
      void ended.then(() => resolve(false));
    });
    if (!(await started)) throw new Error(output);
    return {
      output: () => output,
      call: (...args) => {
        const main = ['--conditions=@gantry/source', 'tools/dev/src/main.ts', 'call', ...args];
        return JSON.parse(execFileSync('node', main, { cwd: this.root, env, encoding: 'utf8' })) as object;
      },
      stop: async () => {
        // The terminal sends it to everybody in the foreground: make and the stack alike.
        process.kill(-child.pid!, 'SIGINT');
        await ended;
      },
    };
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true });
  }
}

/** A development stack that runs. */
export interface RunningStack {
  output(): string;
  /** Calls a tool: service, tool, `name=text`… */
  call(...args: readonly string[]): object;
  /** Ctrl-C. */
  stop(): Promise<void>;
}

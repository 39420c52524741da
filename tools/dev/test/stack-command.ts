import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortBase } from './free-port-base.ts';

/** What the stack prints last when it has started. */
const STARTED = 'Ctrl-C stops it all.\n';

/** A program that runs, and what it printed so far. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Exit code; null if a signal ended it. */
  readonly exit: Promise<number | null>;
}

/** The `curl` command that the stack proposes as the first call of a service. */
export function proposedCall(output: string, service: string): string {
  const [, after = ''] = output.split(`A first call of ${service} to try:\n\n`);
  return after.slice(0, after.indexOf('\n\n'));
}

/** A state directory and ports for the commands of a test file, and an eye on every process that comes of them. */
export class CommandSite {
  readonly stateDirectory: string;
  readonly portBase: number;
  readonly #started: RunningCommand[] = [];

  private constructor(stateDirectory: string, portBase: number) {
    this.stateDirectory = stateDirectory;
    this.portBase = portBase;
  }

  static async open(): Promise<CommandSite> {
    return new CommandSite(await mkdtemp(join(tmpdir(), 'gantry-cli-')), await freePortBase());
  }

  /** What commands are run with: the variables of this process, and those that say which stack is meant. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      NODE_OPTIONS: '',
      GANTRY_STATE_DIR: this.stateDirectory,
      GANTRY_PORT_BASE: String(this.portBase),
    };
  }

  /** Starts a program in a process group of its own, as a shell does for what is typed at its prompt. */
  start(command: string, args: readonly string[], changes: NodeJS.ProcessEnv = {}): RunningCommand {
    const child = spawn(command, args, {
      cwd: join(import.meta.dirname, '../../..'),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.environment, ...changes },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    const exit = once(child, 'close').then(([code]) => code as number | null);
    const running = { child, output: () => output, exit };
    this.#started.push(running);
    return running;
  }

  /** Starts a program that serves the stack, and waits until it has, or has ended. */
  async serve(command: string, args: readonly string[]): Promise<RunningCommand> {
    const running = this.start(command, args);
    const started = () => running.output().includes(STARTED);
    await until(() => started() || running.child.exitCode !== null);
    if (!started()) {
      await running.exit;
      throw new Error(`The stack did not start:\n${running.output()}`);
    }
    return running;
  }

  /** What a part of the stack has logged since its last start. */
  log(part: string): Promise<string> {
    return readFile(join(this.stateDirectory, 'logs', `${part}.log`), 'utf8');
  }

  /** Processes whose command line or environment names the state directory. */
  async processes(): Promise<string[]> {
    const pids = (await readdir('/proc')).filter(
      (name) => /^\d+$/.test(name) && name !== String(process.pid),
    );
    const mentions = await Promise.all(
      pids.map(async (pid) => {
        const files = ['cmdline', 'environ'].map((file) =>
          readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''),
        );
        return (await Promise.all(files)).some((text) => text.includes(this.stateDirectory));
      }),
    );
    return pids.filter((_pid, index) => mentions[index]);
  }

  /** Resolves when no process is left; never, if one stays. */
  async quiet(): Promise<void> {
    await until(async () => (await this.processes()).length === 0);
  }

  /** Ends what a failed test left. */
  async killAll(): Promise<void> {
    for (const { child } of this.#started.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
    await this.quiet();
  }

  async close(): Promise<void> {
    await this.killAll();
    await rm(this.stateDirectory, { recursive: true, force: true });
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What came of commands. */
export interface ShellAnswer {
  readonly output: string;
  readonly status: number;
}

/** One shell in which a reader types one block after another: variables and functions stay. */
export class Shell {
  readonly #child: ChildProcess;
  readonly #gone: Promise<never>;
  #output = '';

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn('bash', ['--norc'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#gone = once(this.#child, 'close').then(() => {
      throw new Error(`The shell has ended:\n${this.#output}`);
    });
    this.#gone.catch(() => {});
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
  }

  /** Runs commands to their end; `status` is that of the last one. */
  async type(commands: string): Promise<ShellAnswer> {
    const end = /<end of commands: (\d+)>\n$/;
    this.#output = '';
    this.#child.stdin!.write(`{\n${commands}\n} </dev/null 2>&1\nprintf '<end of commands: %s>\\n' $?\n`);
    for (;;) {
      const [, status] = end.exec(this.#output) ?? [];
      if (status !== undefined) return { output: this.#output.replace(end, ''), status: Number(status) };
      await Promise.race([once(this.#child.stdout!, 'data'), this.#gone]);
    }
  }

  /** Ends it, whatever still runs. */
  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone.catch(() => {});
  }
}

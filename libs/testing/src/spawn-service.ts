import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from './wait-for.ts';

/** How {@link spawnService} starts a process and tells that it is ready. */
export interface SpawnOptions {
  /** Variables beside those of this process; undefined removes one. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A URL that answers 2xx, or a pattern that a line of its output matches. Default: ready at once. */
  readonly ready?: string | RegExp;
  /** Default: 15 000. */
  readonly readyWithinMs?: number;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process started by {@link spawnService}. */
export interface SpawnedService {
  readonly pid: number;
  /** All that it wrote so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has ended. */
  readonly exited: Promise<Exit>;
  /** Asks it to stop (SIGTERM) and waits; one that has not ended in time is killed, and this throws. */
  stop(withinMs?: number): Promise<Exit>;
  /** Kills it at once (SIGKILL), as a crash would. */
  kill(): Promise<Exit>;
}

/**
 * Starts a program and waits until it is ready.
 *
 * @example
 * ```ts
 * const service = await spawnService('node', ['dist/main.js'], {
 *   env: { MCP_PORT: String(port) },
 *   ready: `http://127.0.0.1:${port}/health/ready`,
 * });
 * expect(await service.stop()).toEqual({ code: 0, signal: null });
 * ```
 */
export async function spawnService(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<SpawnedService> {
  const { env, cwd, ready, readyWithinMs = 15_000 } = options;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const lines: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream] }).on('line', (line) => {
      output[stream] += `${line}\n`;
      lines.push(line);
    });
  }
  await once(child, 'spawn');
  let ended = false;
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      ended = true;
      resolve({ code, signal });
    });
  });

  async function end(signal: NodeJS.Signals): Promise<Exit> {
    child.kill(signal);
    return exited;
  }

  async function stop(withinMs = 10_000): Promise<Exit> {
    const timer = new AbortController();
    const late = sleep(withinMs, undefined, { signal: timer.signal });
    const exit = await Promise.race([end('SIGTERM'), late]);
    timer.abort();
    if (exit) return exit;
    await end('SIGKILL');
    throw new Error(`${command} did not stop within ${withinMs} ms.\n${output.stderr}`);
  }

  const isReady = async () => {
    if (ended || ready === undefined) return true;
    if (ready instanceof RegExp) return lines.some((line) => ready.test(line));
    return (await fetch(ready)).ok;
  };
  const becameReady = await waitFor(isReady, readyWithinMs).catch(() => false);
  if (ended || !becameReady) {
    const failure = ended ? 'ended before it was ready' : `was not ready within ${readyWithinMs} ms`;
    await end('SIGKILL');
    throw new Error(`${command} ${failure}.\n${output.stderr}`);
  }
  return {
    pid: child.pid!,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    exited,
    stop,
    kill: () => end('SIGKILL'),
  };
}

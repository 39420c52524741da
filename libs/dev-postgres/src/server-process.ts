import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunAs } from './run-as.ts';

const READY = 'database system is ready to accept connections';
/** Crash recovery of a busy database takes its time. */
const START_TIMEOUT_MS = 60_000;
/** Signals by which Postgres stops, from polite to final, each with how long it gets. */
const STOP_SIGNALS = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;
/** So many lines of the log are told when the start fails. */
const LINES_KEPT = 20;

/** What the server is started with. */
export interface ServerOptions {
  readonly postgres: string;
  readonly args: readonly string[];
  readonly as: RunAs;
  readonly onLog?: (line: string) => void;
  /** Removed when the server was stopped because its parent died. */
  readonly removeIfOrphaned?: string;
}

/** A running Postgres server process. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process is gone. May be called any number of times. */
  stop(): Promise<void>;
}

/** Starts Postgres and waits until it accepts connections. */
export async function startServer({
  postgres,
  args,
  as,
  onLog,
  removeIfOrphaned,
}: ServerOptions): Promise<ServerProcess> {
  const launch = as.launch(postgres, args);
  const child = spawn(launch.command, launch.args, {
    ...launch.identity,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process group of its own: Ctrl-C in the terminal must not reach the database, which services
    // need to finish what they are doing.
    detached: true,
  });
  await once(child, 'spawn');
  const pid = child.pid!;
  const watcher = stopWhenOrphaned(pid, removeIfOrphaned);
  const exited = once(child, 'close').then(() => void watcher.kill());

  const lastLines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      onLog?.(line);
      lastLines.push(line);
      if (lastLines.length > LINES_KEPT) lastLines.shift();
      if (line.includes(READY)) resolve();
    });
  });

  async function stop(): Promise<void> {
    for (const [signal, patience] of STOP_SIGNALS) {
      child.kill(signal);
      if (await settlesWithin(exited, patience)) return;
    }
  }

  const failure = await Promise.race([
    ready.then(() => undefined),
    exited.then(() => 'it ended at once'),
    sleep(START_TIMEOUT_MS, `it was not ready within ${START_TIMEOUT_MS / 1000} s`, { ref: false }),
  ]);
  if (failure !== undefined) {
    await stop();
    throw new Error(`Postgres did not start: ${failure}.\n${lastLines.join('\n')}`);
  }
  // The server keeps no process alive that has nothing else to do.
  child.unref();
  (child.stderr as Socket).unref();
  return { pid, stop };
}

/**
 * A shell that waits for the end of its input, which is the end of this process, however that comes, and
 * then stops the server: even SIGKILL leaves no server behind.
 */
function stopWhenOrphaned(serverPid: number, remove: string | undefined) {
  const script = [
    'read -r _; kill -INT "$1"; [ -n "$2" ] || exit',
    // Bounded, because a dead server that nobody reaps still answers kill -0.
    'n=0; while [ $n -lt 50 ] && kill -0 "$1"; do n=$((n + 1)); sleep 0.1; done',
    'rm -rf -- "$2"',
  ].join('\n');
  const watcher = spawn('sh', ['-c', script, 'watcher', String(serverPid), remove ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  watcher.unref();
  (watcher.stdin as Socket).unref();
  return watcher;
}

async function settlesWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise.then(() => true),
      sleep(milliseconds, false, { signal: timer.signal }),
    ]);
  } finally {
    timer.abort();
  }
}

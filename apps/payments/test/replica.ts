import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { RunningPayments } from './running-payments.ts';

/** A replica in a process of its own. */
export interface Replica {
  readonly url: string;
  readonly pid: number;
  /** Ends it at once, as a machine that loses its power does. Resolves to all that it has logged. */
  kill(): Promise<string>;
}

/** Starts another replica beside a running service, over the same database, issuer and provider. */
export async function startReplica(beside: RunningPayments, env: Record<string, string>): Promise<Replica> {
  const child = fork(new URL('./replica-process.ts', import.meta.url), {
    execArgv: ['--import', '@gantry/testing/typescript'],
    env: { PATH: process.env['PATH'], ...beside.env, MCP_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const logged = text(child.stderr!);
  const [{ url }] = (await Promise.race([once(child, 'message'), diedBefore(child, logged)])) as [
    { url: string },
  ];
  return {
    url,
    pid: child.pid!,
    kill: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      return logged;
    },
  };
}

/** A replica that does not start says why. */
async function diedBefore(child: ChildProcess, logged: Promise<string>): Promise<never> {
  await once(child, 'exit');
  throw new Error(await logged);
}

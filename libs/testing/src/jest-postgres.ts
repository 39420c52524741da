import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { KeptServer } from './postgres-keeper.ts';

/** Inside the workspace the keeper runs from its sources as well. */
const [EXTENSION, EXEC_ARGV] = import.meta.url.endsWith('.ts')
  ? ['ts', ['--conditions=@gantry/source']]
  : ['js', []];

/**
 * Jest global setup: one Postgres server for all test files of a run, and one line that says which.
 *
 * It needs no global teardown. A keeper process holds the server and stops it when jest ends, however that
 * happens: Ctrl-C and SIGKILL leave no server and no container behind either.
 */
export async function preparePostgres(): Promise<void> {
  const keeper = fork(new URL(`./postgres-keeper.${EXTENSION}`, import.meta.url), {
    execArgv: EXEC_ARGV,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: true,
  });
  const complaints = text(keeper.stderr!);
  const server = await new Promise<KeptServer | undefined>((resolve) => {
    keeper.once('message', (message) => resolve(message as KeptServer));
    keeper.once('exit', () => resolve(undefined));
  });
  if (!server) throw new Error(`No Postgres for the tests.\n${await complaints}`);
  process.env['GANTRY_TEST_POSTGRES_URL'] = server.url;
  process.stderr.write(`${server.description}\n`);
  keeper.unref();
  keeper.channel?.unref();
  (keeper.stderr as Socket).unref();
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import type { RunAs } from './run-as.ts';

/** A database cluster on disk and the password of its superuser. */
export interface Cluster {
  readonly dataDirectory: string;
  readonly password: string;
}

/** The superuser of every development cluster. */
export const SUPERUSER = 'postgres';

/** Name of the data directory inside the directory that the caller names. */
export function dataDirectoryOf(directory: string): string {
  return join(directory, 'data');
}

/** Opens the cluster in `directory`, or makes one there. */
export async function openCluster(
  directory: string,
  binaries: PostgresBinaries,
  as: RunAs,
  durable: boolean,
): Promise<Cluster> {
  const dataDirectory = dataDirectoryOf(directory);
  const passwordFile = join(directory, 'password');
  if (await exists(join(dataDirectory, 'PG_VERSION'))) {
    return { dataDirectory, password: await readPassword(passwordFile) };
  }
  const password = randomBytes(24).toString('base64url');
  await writePrivately(passwordFile, password);
  // Made aside and renamed when complete: a start that is killed half-way leaves nothing that looks
  // like a cluster.
  const unfinished = `${dataDirectory}.new`;
  await initialise(unfinished, password, binaries, as, durable);
  await rename(unfinished, dataDirectory);
  return { dataDirectory, password };
}

async function initialise(
  target: string,
  password: string,
  binaries: PostgresBinaries,
  as: RunAs,
  durable: boolean,
): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { mode: 0o700 });
  // initdb reads the password from a file that the user it runs as can open, and gets a copy.
  const passwordCopy = `${target}.password`;
  await writePrivately(passwordCopy, password);
  try {
    if (as.owner) {
      for (const path of [target, passwordCopy]) await chown(path, as.owner.uid, as.owner.gid);
    }
    await run(binaries.initdb, as, [
      `--pgdata=${target}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordCopy}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order and case rules on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ]);
  } finally {
    await rm(passwordCopy, { force: true });
  }
}

async function run(program: string, as: RunAs, programArgs: string[]): Promise<void> {
  const { command, args, identity } = as.launch(program, programArgs);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { ...identity, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (cause) => reject(new Error(`${command} did not start.`, { cause })));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} failed with code ${code}:\n${output.trim()}`));
    });
  });
}

/** A file that exists keeps its mode when it is written, so it is made anew. */
async function writePrivately(file: string, content: string): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, content, { mode: 0o600, flag: 'wx' });
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new Error(`The cluster's password file ${file} cannot be read.`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

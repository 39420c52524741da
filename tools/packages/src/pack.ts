import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A packed library. */
export interface Packed {
  readonly name: string;
  /** The tarball. */
  readonly file: string;
  /** Paths inside. */
  readonly files: readonly string[];
}

/** Packs every library, as it would be published. They have to be built. */
export function packLibraries(destination: string): Packed[] {
  mkdirSync(destination, { recursive: true });
  const workspaces = globSync('libs/*', { cwd: ROOT }).map((folder) => `--workspace=${folder}`);
  const args = ['pack', '--json', '--pack-destination', destination, ...workspaces];
  const output = execFileSync('npm', args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const packed = JSON.parse(output) as { name: string; filename: string; files: { path: string }[] }[];
  return packed.map(({ name, filename, files }) => ({
    name,
    file: join(destination, filename),
    files: files.map(({ path }) => path),
  }));
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package, as its package.json says. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  readonly folder: string;
}

const known = new Map<string, Package>();

/** The package that a file or folder belongs to. */
export function packageOf(path: string): Package {
  const seen = known.get(path);
  if (seen) return seen;
  const found = packageAt(path) ?? packageOf(parentOf(path));
  known.set(path, found);
  return found;
}

function packageAt(folder: string): Package | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Partial<Package>;
  // Some packages have another package.json in a subfolder, which only says what kind of modules are in there.
  if (!manifest.name || !manifest.version) return undefined;
  return { name: manifest.name, version: manifest.version, license: manifest.license, folder };
}

function parentOf(path: string): string {
  const parent = dirname(path);
  if (parent === path) throw new Error('The file belongs to no package.');
  return parent;
}

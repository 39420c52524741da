import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What package-lock.json says about a package. */
export interface LockedPackage {
  /** Where it is installed, such as `node_modules/zod`; of two versions of a package one is nested. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

type Entry = Omit<LockedPackage, 'path' | 'name'> & { readonly name?: string; readonly link?: boolean };

/** What is installed from a registry: package-lock.json without the workspace's own packages. */
export function lockedPackages(root: string): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true)
    .map(([path, entry]) => ({ ...entry, path, name: entry.name ?? path.replace(/^.*node_modules\//, '') }));
}

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

/** The package.json in a folder. */
export function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Every package.json of the workspace by its path, the root's first. */
export function workspaceManifests(root: string): Map<string, Manifest> {
  const folders = (manifestIn(root).workspaces ?? []).flatMap((workspace) =>
    globSync(`${workspace}/package.json`, { cwd: root }).sort(),
  );
  return new Map(
    ['package.json', ...folders].map((path) => [
      path,
      JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
    ]),
  );
}

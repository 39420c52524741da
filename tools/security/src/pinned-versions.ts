import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checked, type Check } from './check.ts';
import { lockedPackages } from './lockfile.ts';
import { workspaceManifests, type Manifest } from './manifests.ts';

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/**
 * Whether the same commit installs the same bytes, today and in a year: exact versions in every package.json,
 * and a lockfile that has a checksum for each package and binds nobody to one registry.
 *
 * Peer dependencies are left out: they say what a library works with, not what is installed here.
 */
export function pinnedVersions(root: string): Check {
  const manifests = workspaceManifests(root);
  const members = new Set([...manifests.values()].map((manifest) => manifest.name));
  const locked = lockedPackages(root);
  return checked(
    'Pinned versions',
    `${manifests.size} package.json files, ${locked.length} packages in package-lock.json`,
    [
      ...[...manifests].flatMap(([path, manifest]) => loose(path, manifest, members)),
      ...locked
        .filter(({ integrity }) => !integrity?.startsWith('sha512-'))
        .map(({ path }) => `package-lock.json: ${path} has no sha512 checksum`),
      ...locked
        .filter(({ resolved }) => resolved !== undefined)
        .map(({ path, resolved }) => `package-lock.json: ${path} is bound to ${resolved}`),
      ...looseNode(root),
    ],
  );
}

function loose(path: string, manifest: Manifest, members: ReadonlySet<string>): string[] {
  return (['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'] as const).flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      // A member of the workspace is what the checkout has, whatever its version.
      .filter(([name, version]) => !EXACT.test(version) && !(version === '*' && members.has(name)))
      .map(([name, version]) => `${path}: ${name} is "${version}" in ${kind}, not an exact version`),
  );
}

function looseNode(root: string): string[] {
  const version = readFileSync(join(root, '.nvmrc'), 'utf8').trim();
  return EXACT.test(version) ? [] : [`.nvmrc: Node is "${version}", not an exact version`];
}

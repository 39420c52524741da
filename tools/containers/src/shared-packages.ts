import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { packageOf, type Package } from './package-of.ts';

/** Which libraries a plugin must have in common with its host is said in libs/service: `ONE_COPY`. */
const OWN = /^@gantry\//;
const FRAMEWORK = ['@nestjs/common', '@nestjs/core', 'zod'];

/**
 * The packages that plugins of a service import from it: all of Gantry that the service is made of, Nest and zod.
 * They recognize things by identity, so there must be one copy of each.
 */
export function sharedPackages(app: string): Package[] {
  const found = new Map<string, Package>();
  function add(name: string, from: string): void {
    if (found.has(name)) return;
    const shared = packageIn(name, from);
    found.set(name, shared);
    for (const own of ownDependencies(shared.folder)) add(own, shared.folder);
  }
  for (const own of ownDependencies(app)) add(own, app);
  for (const name of FRAMEWORK) add(name, app);
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function ownDependencies(folder: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return Object.keys(dependencies).filter((name) => OWN.test(name));
}

function packageIn(name: string, folder: string): Package {
  const manifest = findPackageJSON(name, join(folder, 'package.json'));
  if (!manifest) throw new Error(`${name} is not installed for ${folder}.`);
  return packageOf(dirname(manifest));
}

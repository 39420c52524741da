import { checked, type Check } from './check.ts';
import { lockedPackages } from './lockfile.ts';
import { manifestIn } from './manifests.ts';

/**
 * Whether somebody has decided, for each package that wants to run code when it is installed, if it may:
 * `allowScripts` in package.json. npm asks for the same, but only warns.
 */
export function installScripts(root: string): Check {
  const reviewed = manifestIn(root).allowScripts ?? {};
  const wanting = new Set(
    lockedPackages(root)
      .filter(({ hasInstallScript }) => hasInstallScript === true)
      .map(({ name }) => name),
  );
  const allowed = Object.values(reviewed).filter(Boolean).length;
  return checked('Install scripts', `${wanting.size} packages have one, ${allowed} of them may run`, [
    ...[...wanting]
      .filter((name) => !(name in reviewed))
      .map((name) => `${name} has an install script, and allowScripts in package.json does not name it`),
    ...Object.keys(reviewed)
      .filter((name) => !wanting.has(name))
      .map((name) => `allowScripts names ${name}, which has no install script or is gone`),
  ]);
}

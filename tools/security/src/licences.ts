import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checked, type Check } from './check.ts';
import { ALLOWED, EXCEPTIONS, type Exception } from './licence-policy.ts';
import { lockedPackages, type LockedPackage } from './lockfile.ts';

/** What may be used: the repository's own policy, unless a test brings another. */
export interface Policy {
  readonly allowed: ReadonlySet<string>;
  readonly exceptions: Readonly<Record<string, Exception>>;
}

/**
 * Whether the licence of everything that is installed, on any platform, is one we allow. Reads
 * package-lock.json, which has the licence that each package declares, and writes dist/sbom/licences.json.
 */
export function licences(root: string, policy: Policy = { allowed: ALLOWED, exceptions: EXCEPTIONS }): Check {
  const packages = lockedPackages(root);
  const notAllowed = packages.filter(({ license }) => !allows(license, policy.allowed));
  const excepted = notAllowed.filter(({ name, license }) => {
    const exception = policy.exceptions[name];
    return exception !== undefined && exception.declared === license;
  });
  writeReport(root, packages, policy);
  return checked(
    'Licences',
    `${packages.length} packages, ${excepted.length} of them by a reviewed exception`,
    [
      ...notAllowed
        .filter((each) => !excepted.includes(each))
        .map(({ name, version, license }) => `${name}@${version}: ${license ?? 'no licence declared'}`),
      ...Object.keys(policy.exceptions)
        .filter((name) => !excepted.some((each) => each.name === name))
        .map((name) => `the exception for ${name} excepts nothing any more`),
    ],
  );
}

/** An SPDX expression: of `A OR B` one is enough, of `A AND B` both are needed. */
function allows(expression: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (expression === undefined) return false;
  // Parentheses around the whole; what has inner ones is not allowed, so that a person reads it.
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((each) => allowed.has(each)));
}

function writeReport(root: string, packages: readonly LockedPackage[], { exceptions }: Policy): void {
  const folder = join(root, 'dist/sbom');
  mkdirSync(folder, { recursive: true });
  const lines = packages
    .map(({ name, version, license }) => ({
      package: `${name}@${version}`,
      licence: license ?? 'none declared',
      ...(exceptions[name] && { exception: exceptions[name].reason }),
    }))
    .sort((a, b) => a.package.localeCompare(b.package));
  writeFileSync(join(folder, 'licences.json'), `${JSON.stringify(lines, null, 2)}\n`);
}

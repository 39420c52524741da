import { describe, expect, it } from '@jest/globals';
import { installScripts } from '../src/install-scripts.ts';
import { pinnedVersions } from '../src/pinned-versions.ts';
import { checkout, FAULTLESS } from './checkout.ts';

const lock = FAULTLESS['package-lock.json'];

function withLocked(path: string, entry: object): string {
  const packages = { ...lock.packages, [path]: entry };
  return checkout({ ...FAULTLESS, 'package-lock.json': { ...lock, packages } });
}

describe('pinnedVersions', () => {
  it('passes exact versions, and * for a member of the workspace', () => {
    expect(pinnedVersions(checkout(FAULTLESS))).toMatchObject({
      result: 'passed',
      summary: '2 package.json files, 2 packages in package-lock.json',
    });
  });

  it.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', 'github:shop/scales'])('finds %s', (version) => {
    const till = { ...FAULTLESS['apps/till/package.json'], dependencies: { scales: version } };
    expect(pinnedVersions(checkout({ ...FAULTLESS, 'apps/till/package.json': till })).findings).toEqual([
      `apps/till/package.json: scales is "${version}" in dependencies, not an exact version`,
    ]);
  });

  it('finds a range in the overrides', () => {
    const root = { ...FAULTLESS['package.json'], overrides: { scales: '>=1' } };
    expect(pinnedVersions(checkout({ ...FAULTLESS, 'package.json': root })).findings).toEqual([
      'package.json: scales is ">=1" in overrides, not an exact version',
    ]);
  });

  it('finds a locked package without a checksum, or with a weak one', () => {
    expect(pinnedVersions(withLocked('node_modules/scales', { version: '1.2.3' })).findings).toEqual([
      'package-lock.json: node_modules/scales has no sha512 checksum',
    ]);
    const weak = { version: '1.2.3', integrity: 'sha1-AA==' };
    expect(pinnedVersions(withLocked('node_modules/scales', weak)).findings).toHaveLength(1);
  });

  it('finds a locked package that is bound to a registry', () => {
    const bound = {
      ...lock.packages['node_modules/scales'],
      resolved: 'https://registry.example/scales-1.2.3.tgz',
    };
    expect(pinnedVersions(withLocked('node_modules/scales', bound)).findings).toEqual([
      'package-lock.json: node_modules/scales is bound to https://registry.example/scales-1.2.3.tgz',
    ]);
  });

  it('finds a Node that moves', () => {
    expect(pinnedVersions(checkout({ ...FAULTLESS, '.nvmrc': 'lts/*\n' })).findings).toEqual([
      '.nvmrc: Node is "lts/*", not an exact version',
    ]);
  });
});

describe('installScripts', () => {
  it('passes if all have been reviewed', () => {
    expect(installScripts(checkout(FAULTLESS))).toMatchObject({
      result: 'passed',
      summary: '1 packages have one, 0 of them may run',
    });
  });

  it('finds a new one, however deep in the tree', () => {
    const root = withLocked('node_modules/scales/node_modules/@weigh/native', {
      version: '1.0.0',
      integrity: 'sha512-AA==',
      hasInstallScript: true,
    });
    expect(installScripts(root).findings).toEqual([
      '@weigh/native has an install script, and allowScripts in package.json does not name it',
    ]);
  });

  it('finds a permission that nobody needs any more', () => {
    const root = { ...FAULTLESS['package.json'], allowScripts: { compiled: true, gone: true } };
    expect(installScripts(checkout({ ...FAULTLESS, 'package.json': root })).findings).toEqual([
      'allowScripts names gone, which has no install script or is gone',
    ]);
  });
});

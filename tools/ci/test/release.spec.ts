import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScratchClone } from './scratch-clone.ts';

let clone: ScratchClone;

beforeAll(() => {
  clone = new ScratchClone();
  const plans = join(clone.root, '.nx/version-plans');
  mkdirSync(plans, { recursive: true });
  writeFileSync(join(plans, 'split.md'), '---\nmoney: minor\n---\n\nAmounts can be split.\n');
  clone.commit('Plan a version');
}, 120_000);

afterAll(() => clone.remove());

describe('nx release', () => {
  it('gives a new version to the planned library and to the services that are built with it', () => {
    const output = clone.run('nx', 'release', '--dry-run', '--skip-publish');
    const versioned = [...output.matchAll(/New version 0\.\d+\.\d+ written to manifest: (?<path>\S+)/g)];
    expect(
      versioned
        .map((line) => line.groups?.['path'] ?? '')
        .filter((path) => /^(libs|apps)\//.test(path))
        .sort(),
    ).toEqual(['apps/orders/package.json', 'apps/payments/package.json', 'libs/money/package.json']);
  }, 120_000);

  it('brings the charts and the reference of a service after its version, in the commit that it tags', () => {
    clone.run('nx', 'release', '--skip-publish');
    const committed = clone.run('git', 'show', '--name-only', '--format=', 'payments@0.1.1').split('\n');
    expect(committed).toEqual(
      expect.arrayContaining([
        'apps/payments/package.json',
        'deploy/charts/payments/Chart.yaml',
        'docs/reference/payments.md',
        'package-lock.json',
      ]),
    );
    expect(clone.run('git', 'show', 'payments@0.1.1:deploy/charts/payments/Chart.yaml')).toMatch(
      /^version: 0\.1\.1\nappVersion: 0\.1\.1$/m,
    );
    expect(clone.run('git', 'status', '--short')).toBe('');
  }, 240_000);

  it('can publish libraries, and nothing else', () => {
    const publishable = globSync('{apps,libs,tools,examples}/*/package.json', { cwd: clone.root }).filter(
      (path) =>
        (JSON.parse(readFileSync(join(clone.root, path), 'utf8')) as { private?: boolean }).private !== true,
    );
    expect(publishable.sort()).toEqual(globSync('libs/*/package.json', { cwd: clone.root }).sort());
  });
});

import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScratchClone } from './scratch-clone.ts';

let clone: ScratchClone;

beforeAll(() => {
  clone = new ScratchClone();
}, 120_000);

afterAll(() => clone.remove());

describe('nx release', () => {
  it('gives a new version to the planned library and to the services that are built with it', () => {
    const plans = join(clone.root, '.nx/version-plans');
    mkdirSync(plans, { recursive: true });
    writeFileSync(join(plans, 'split.md'), '---\nmoney: minor\n---\n\nAmounts can be split.\n');
    clone.commit('Plan a version');

    const output = clone.run('nx', 'release', '--dry-run', '--skip-publish');
    const versioned = [...output.matchAll(/New version 0\.\d+\.\d+ written to manifest: (?<path>\S+)/g)];
    expect(
      versioned
        .map((line) => line.groups?.['path'] ?? '')
        .filter((path) => /^(libs|apps)\//.test(path))
        .sort(),
    ).toEqual(['apps/orders/package.json', 'apps/payments/package.json', 'libs/money/package.json']);
  }, 120_000);

  it('can publish libraries, and nothing else', () => {
    const publishable = globSync('{apps,libs,tools,examples}/*/package.json', { cwd: clone.root }).filter(
      (path) =>
        (JSON.parse(readFileSync(join(clone.root, path), 'utf8')) as { private?: boolean }).private !== true,
    );
    expect(publishable.sort()).toEqual(globSync('libs/*/package.json', { cwd: clone.root }).sort());
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';

const made: string[] = [];
afterAll(() => made.forEach((root) => rmSync(root, { recursive: true })));

/** A folder with these files, until the tests end; what is not a text becomes JSON. */
export function checkout(files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gantry-security-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

/** A workspace without a fault: one service that uses one package. */
export const FAULTLESS = {
  'package.json': {
    name: 'shop',
    version: '0.1.0',
    workspaces: ['apps/*'],
    allowScripts: { compiled: false },
  },
  '.nvmrc': '24.1.0\n',
  'apps/till/package.json': {
    name: '@shop/till',
    version: '0.1.0',
    dependencies: { scales: '1.2.3' },
    devDependencies: { compiled: '2.0.0', '@shop/till': '*' },
  },
  'package-lock.json': {
    lockfileVersion: 3,
    packages: {
      '': { name: 'shop', version: '0.1.0' },
      'apps/till': { name: '@shop/till', version: '0.1.0' },
      'node_modules/@shop/till': { resolved: 'apps/till', link: true },
      'node_modules/scales': { version: '1.2.3', license: 'MIT', integrity: 'sha512-AA==' },
      'node_modules/compiled': {
        version: '2.0.0',
        license: 'ISC',
        integrity: 'sha512-AA==',
        hasInstallScript: true,
      },
    },
  },
};

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../src/bundle.ts';
import { sampleWorkspace } from './sample-workspace.ts';

let workspace: string;
let out: string;

beforeAll(async () => {
  workspace = await sampleWorkspace();
  const made = await mkdtemp(join(tmpdir(), 'gantry-app-'));
  const umask = process.umask(0o077);
  await bundle(join(workspace, 'apps/shop'), join(made, 'here'));
  process.umask(umask);
  // Somewhere else, and with the sources gone, as in an image.
  out = join(made, 'app');
  await cp(join(made, 'here'), out, { recursive: true });
  await rm(join(workspace, 'node_modules'), { recursive: true });
  const plugin = join(out, 'node_modules/@acme/plugin');
  await mkdir(plugin, { recursive: true });
  await writeFile(join(plugin, 'package.json'), '{"name":"@acme/plugin","version":"1.0.0","type":"module"}');
  await writeFile(join(plugin, 'index.js'), `export { Shelf as default } from '@gantry/shelf';`);
});
afterAll(async () => {
  await rm(workspace, { recursive: true });
  await rm(join(out, '..'), { recursive: true });
});

describe('a bundle', () => {
  it('runs by itself, finds its own files and those of its libraries, and shares classes with plugins', () => {
    const output = execFileSync(process.execPath, [join(out, 'dist/main.js')], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual({
      name: '@gantry/shop',
      migrations: ['0001_shop.sql', '0001_shelf.sql'],
      sameClass: true,
      classNames: ['Shelf2', 'Shelf'],
      padded: '00708',
    });
  });

  it('offers plugins every library that they must have in common with the service', () => {
    const names = ['@gantry/shelf', '@nestjs/common', '@nestjs/core', 'zod'];
    for (const name of names)
      expect(json(`node_modules/${name}/package.json`)).toMatchObject({ name, version: '1.2.3' });
  });

  it('says nothing about development', () => {
    expect(json('package.json')).toEqual({
      name: '@gantry/shop',
      version: '1.2.3',
      license: 'Apache-2.0',
      type: 'module',
    });
  });

  it('lists what there is code of, and only that', () => {
    const bill = json('sbom.cdx.json');
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { type: 'application', name: '@gantry/shop', version: '1.2.3' } },
    });
    const { components, dependencies } = bill as Bill;
    expect(components.map(({ name }) => name)).toEqual([
      '@gantry/shelf',
      '@nestjs/common',
      '@nestjs/core',
      'pad-left',
      'zod',
    ]);
    expect(components[0]).toEqual({
      type: 'library',
      'bom-ref': 'pkg:npm/%40gantry/shelf@1.2.3',
      name: '@gantry/shelf',
      version: '1.2.3',
      purl: 'pkg:npm/%40gantry/shelf@1.2.3',
      licenses: [{ expression: 'MIT' }],
    });
    expect(dependencies).toContainEqual({
      ref: 'pkg:npm/%40gantry/shelf@1.2.3',
      dependsOn: ['pkg:npm/pad-left@1.2.3'],
    });
  });

  it('carries the licences of what others have written', () => {
    const notices = readFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toContain('pad-left 1.2.3 (MIT)\n\nPermission is hereby granted to pad.');
    expect(notices).not.toContain('@gantry/');
  });

  it('can be read by every user', () => {
    for (const path of readdirSync(join(out, '../here'), { recursive: true, encoding: 'utf8' }))
      expect([0o644, 0o755]).toContain(statSync(join(out, '../here', path)).mode & 0o777);
  });
});

describe('bundling', () => {
  it('makes the same bytes of the same sources', async () => {
    const hashes = [];
    for (let round = 0; round < 2; round += 1) {
      const root = await sampleWorkspace();
      await bundle(join(root, 'apps/shop'), join(root, 'out'));
      hashes.push(hashOf(join(root, 'out')));
      await rm(root, { recursive: true });
    }
    expect(hashes[1]).toBe(hashes[0]);
  });

  it('refuses code that looks beside itself for what is not carried along', async () => {
    const root = await sampleWorkspace({
      'libs/shelf/dist/migrations.js': `export const shelfMigrations = new URL('../templates/', import.meta.url);`,
    });
    await expect(bundle(join(root, 'apps/shop'), join(root, 'out'))).rejects.toThrow('../templates/');
    await rm(root, { recursive: true });
  });
});

interface Bill {
  readonly components: readonly { readonly name: string }[];
  readonly dependencies: readonly object[];
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(out, path), 'utf8'));
}

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  ))
    hash
      .update(join(entry.parentPath, entry.name).slice(folder.length))
      .update(readFileSync(join(entry.parentPath, entry.name)));
  return hash.digest('hex');
}

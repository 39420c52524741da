import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runAs } from './run-as.ts';

const onLinux = process.platform === 'linux' ? it : it.skip;
const nobody = Number(execFileSync('id', ['-u', 'nobody']).toString());

describe('runAs', () => {
  let directory: string;
  const postgres = process.execPath;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gantry-run-as-'));
    await chmod(directory, 0o755);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('changes nothing for an ordinary user', () => {
    const as = runAs(postgres, join(directory, 'data'), 1000);
    expect(as.owner).toBeUndefined();
    expect(as.launch('postgres', ['-D', 'x'])).toEqual({
      command: 'postgres',
      args: ['-D', 'x'],
      identity: {},
    });
  });

  it('takes nobody for a new data directory under root', () => {
    const as = runAs('/bin/sh', join(directory, 'data'), 0);
    expect(as.owner).toMatchObject({ uid: nobody });
    expect(as.launch('/bin/sh', ['-c', ':'])).toEqual({
      command: '/bin/sh',
      args: ['-c', ':'],
      identity: as.owner,
    });
  });

  it('takes the owner of an existing data directory under root', async () => {
    const uid = process.getuid!() || 12345;
    await mkdir(join(directory, 'data'));
    if (process.getuid!() === 0) await chown(join(directory, 'data'), uid, uid);
    expect(runAs('/bin/sh', join(directory, 'data'), 0).owner).toMatchObject({ uid });
  });

  onLinux('lends the right to pass where directories are closed to others', async () => {
    await chmod(directory, 0o700);
    const { command, args, identity } = runAs('/bin/sh', join(directory, 'data'), 0).launch('postgres', [
      '-D',
      'x',
    ]);
    expect(command).toBe('setpriv');
    expect(args).toContain(`--reuid=${nobody}`);
    expect(args.slice(-4)).toEqual(['--', 'postgres', '-D', 'x']);
    expect(identity).toEqual({});
  });

  it('says what to do where that cannot be done', async () => {
    await chmod(directory, 0o700);
    await mkdir(join(directory, 'data'));
    if (process.getuid!() === 0) await chown(join(directory, 'data'), 12345, 12345);
    const script = `
      import { runAs } from '${new URL('./run-as.ts', import.meta.url).href}';
      runAs('/bin/sh', '${directory}/data', 0);`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { PATH: directory },
      encoding: 'utf8',
    });
    expect(stderr).toContain('Work as an ordinary user');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../src/folders.ts';

/** Programs of these names note how they were called; a cluster is nowhere. */
describe('make deploy', () => {
  let bin: string;
  let calls: string;

  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'gantry-bin-'));
    calls = join(bin, 'calls');
    program(
      'helm',
      `[ "$1" = version ] && echo v4.1.4 && exit; echo "helm $*" >> ${calls}; exit $HELM_STATUS`,
    );
    program('kubectl', 'echo "$CONTEXT"; [ -n "$CONTEXT" ]');
  });
  beforeEach(() => rmSync(calls, { force: true }));
  afterAll(() => rmSync(bin, { recursive: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }

  function deploy(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return spawnSync(
      process.execPath,
      ['--conditions=@gantry/source', join(ROOT, 'tools/charts/src/main.ts'), 'deploy', ...args],
      {
        encoding: 'utf8',
        env: { PATH: `${bin}:/usr/bin:/bin`, CONTEXT: 'production-eu', HELM_STATUS: '0', ...env },
      },
    );
  }

  it('says which cluster it is, then installs or upgrades there', () => {
    const { status, stdout } = deploy(['orders', 'orders.yaml', 'shop']);

    expect(status).toBe(0);
    expect(stdout).toContain('orders → production-eu, namespace shop');
    expect(readFileSync(calls, 'utf8')).toMatch(
      /helm upgrade --install orders \S+\/orders --values orders.yaml --namespace shop --wait --timeout 10m\n$/,
    );
  });

  it.each([
    [['order', 'values.yaml'], {}, "There is no chart 'order'"],
    [['orders'], {}, 'make deploy SERVICE=orders VALUES=orders.yaml'],
    [['orders', 'values.yaml'], { CONTEXT: '' }, 'kubectl has no current context'],
  ])('does nothing with %j %j', (args, env, complaint) => {
    const { status, stderr } = deploy(args, env);

    expect(status).toBe(1);
    expect(stderr).toContain(complaint);
    expect(existsSync(calls)).toBe(false);
  });

  it('fails with Helm', () => {
    expect(deploy(['orders', 'values.yaml'], { HELM_STATUS: '1' }).status).toBe(1);
  });
});

import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScratchClone } from './scratch-clone.ts';
import { scripts } from './workflow-rules.ts';

const ROOT = join(import.meta.dirname, '../../..');
const files = globSync('.github/{workflows/*,actions/*/action}.yml', { cwd: ROOT });
const scriptsIn = (file: string) => scripts(readFileSync(join(ROOT, file), 'utf8'));

let clone: ScratchClone;
let bin: string;

beforeAll(() => {
  clone = new ScratchClone();
  // GitHub's own program, which answers what a test tells it to.
  bin = mkdtempSync(join(tmpdir(), 'gantry-gh-'));
  writeFileSync(join(bin, 'gh'), '#!/bin/sh\nprintf "%s" "$GH_ANSWER"\n');
  chmodSync(join(bin, 'gh'), 0o755);
}, 120_000);

afterAll(() => {
  clone.remove();
  rmSync(bin, { recursive: true });
});

/** Runs a step of a workflow in the clone as GitHub does. */
function step(file: string, id: string, env: Readonly<Record<string, string>>) {
  const output = join(bin, 'output');
  writeFileSync(output, '');
  const { status, stdout } = spawnSync(
    'bash',
    ['-eo', 'pipefail', '-c', scriptsIn(file).get(id) ?? 'exit 99'],
    {
      cwd: clone.root,
      encoding: 'utf8',
      env: { ...env, GITHUB_OUTPUT: output, PATH: [bin, process.env['PATH']].join(delimiter) },
    },
  );
  return { status, stdout, output: readFileSync(output, 'utf8') };
}

describe('the scripts of workflows', () => {
  it.each(files)('in %s are valid', (file) => {
    for (const script of scriptsIn(file).values()) {
      const { stderr } = spawnSync('bash', ['-n', '-c', script], { encoding: 'utf8' });
      expect(stderr).toBe('');
    }
  });
});

describe('what ci compares with', () => {
  const base = (env: Readonly<Record<string, string>>) =>
    step('.github/workflows/ci.yml', 'base', env).output;
  const head = () => clone.run('git', 'rev-parse', 'HEAD').trim();
  let first: string;

  beforeAll(() => {
    first = head();
    clone.change('later', 'README.md', 'A later commit.');
  });

  it('is the base of a pull request', () => {
    expect(base({ PULL_REQUEST_BASE: head() })).toBe(`base=${head()}\n`);
  });

  it('is on main the last commit that passed', () => {
    expect(base({ GH_ANSWER: head() })).toBe(`base=${head()}\n`);
  });

  it.each(['', '0'.repeat(40)])('is the first commit, if "%s" is what passed last', (answer) => {
    expect(base({ GH_ANSWER: answer })).toBe(`base=${first}\n`);
  });
});

describe('the tag of a release', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'apps/records/package.json'), 'utf8'));
  const tagged = (tag: string, passed = '1') =>
    step('.github/workflows/release-service.yml', 'tag', {
      GITHUB_REF_NAME: tag,
      GITHUB_SHA: 'a'.repeat(40),
      GH_ANSWER: passed,
    });

  it('names a service and its version', () => {
    expect(tagged(`records@${version}`)).toMatchObject({
      status: 0,
      output: `service=records\nversion=${version}\n`,
    });
  });

  it('must be the version of the commit', () => {
    expect(tagged('records@99.0.0')).toMatchObject({ status: 1, output: '' });
  });

  it('must be on a commit that ci has passed on main', () => {
    expect(tagged(`records@${version}`, '0')).toMatchObject({
      status: 1,
      output: '',
      stdout: expect.stringContaining('ci has not passed'),
    });
  });

  it.each(['money@0.1.0', '$(touch x)@1.0.0', 'x;exit@1'])('releases nothing if it is %s', (tag) => {
    expect(tagged(tag)).toMatchObject({ status: 0, output: '' });
  });
});

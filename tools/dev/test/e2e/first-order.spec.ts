import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../../src/service-entry.ts';
import { missingLine, stepsOf } from '../guide.ts';
import { Shell } from '../shell.ts';
import { CommandSite, type RunningCommand } from '../stack-command.ts';

const GUIDE = 'docs/guides/first-order.md';
const [first, ...steps] = stepsOf(readFileSync(join(ROOT, GUIDE), 'utf8'));
const titled = steps.map((step) => ({ ...step, title: step.commands.split('\n', 1)[0] }));

let site: CommandSite;
let stack: RunningCommand;
let shell: Shell;

/** The stack of the test listens elsewhere than the one of a reader. */
const here = (text: string) =>
  text.replaceAll(/127\.0\.0\.1:74(\d\d)/g, (_, offset) => `127.0.0.1:${site.portBase + Number(offset)}`);

// In the first terminal.
beforeAll(async () => {
  expect(first?.commands).toBe('make serve\n');
  site = await CommandSite.open();
  stack = await site.serve('make', ['serve']);
  shell = new Shell(ROOT, site.environment);
});

afterAll(async () => {
  await shell.close();
  process.kill(-stack.child.pid!, 'SIGINT');
  await stack.exit;
  await site.quiet();
  await site.close();
});

// In the second one: a block finds what the blocks before it have left.
describe(GUIDE, () => {
  let lost = false;

  it.each(titled)('line $line: $title', async ({ commands, shown, fails }) => {
    if (lost) throw new Error('A block before this one has failed.');
    lost = true;
    const { output, status } = await shell.type(here(commands));
    const missing = missingLine(here(shown), output);
    if (missing !== undefined) throw new Error(`The guide shows "${missing}", but the output is:\n${output}`);
    expect({ output, failed: status !== 0 }).toEqual({ output, failed: fails });
    lost = false;
  });
});

import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RunningMark } from './running-mark.ts';
import { COMPILED_FOLDER, SIMULATORS_FOLDER } from './site.ts';
import { StackError, type StackSettings } from './stack-settings.ts';

/** What the stack makes in its state directory; anything else there is not ours to remove. */
const PARTS = ['postgres', 'secrets', 'logs', SIMULATORS_FOLDER, COMPILED_FOLDER, 'serve.pid'];

/** Removes all data, keys and logs of the development stack. */
export async function reset({ stateDirectory }: StackSettings): Promise<string> {
  const owner = await new RunningMark(stateDirectory).owner();
  if (owner !== undefined) {
    throw new StackError(`Gantry runs (process ${owner}). Stop it first, then reset.`);
  }
  for (const part of PARTS) await rm(join(stateDirectory, part), { recursive: true, force: true });
  await rmdir(stateDirectory).catch(() => {});
  return `${stateDirectory} is empty. The next \`make serve\` starts afresh.\n`;
}

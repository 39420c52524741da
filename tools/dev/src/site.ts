import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretFolder } from './secret-folder.ts';
import type { StackSettings } from './stack-settings.ts';

/** The folder in the state directory where simulators keep their journals. */
export const SIMULATORS_FOLDER = 'simulators';

/** The folder in the state directory where Node keeps what it has compiled: services start a third faster with it. */
export const COMPILED_FOLDER = 'compiled';

/** The state directory with what every part of the stack keeps there, and what is to be undone at the end. */
export interface Site {
  readonly settings: StackSettings;
  readonly secrets: SecretFolder;
  /** Undo what was started; called last first. */
  readonly closers: (() => Promise<void>)[];
  /** Where the log of this part goes. */
  logFile(part: string): string;
}

/** Opens the state directory, or makes it. */
export async function openSite(settings: StackSettings): Promise<Site> {
  const logs = join(settings.stateDirectory, 'logs');
  await mkdir(logs, { recursive: true });
  return {
    settings,
    secrets: await SecretFolder.open(join(settings.stateDirectory, 'secrets')),
    closers: [],
    logFile: (part) => join(logs, `${part}.log`),
  };
}

/** Stops everything that was started, in the opposite order. */
export async function closeSite({ closers }: Site): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
}

/** Writes lines to a part's log, which starts afresh. */
export function lineLog(site: Site, part: string): (line: string) => void {
  const file = createWriteStream(site.logFile(part));
  return (line) => file.write(`${line}\n`);
}

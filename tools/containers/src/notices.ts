import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;
const RULE = '-'.repeat(80);

/** Licences ask that their text goes with every copy of the code; a bundle is a copy. */
export async function notices(packages: readonly BundledPackage[]): Promise<string> {
  const others = packages.filter(({ name }) => !name.startsWith('@gantry/'));
  const entries = await Promise.all(
    others.map(async ({ name, version, license, folder }) => {
      const texts = await licenceTexts(folder);
      return [RULE, `${name} ${version} (${license ?? 'see below'})`, '', ...texts].join('\n');
    }),
  );
  return `This image contains code of these packages, under their own licences.\n\n${entries.join('\n')}\n`;
}

async function licenceTexts(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => LICENCE_FILE.test(name)).sort();
  return Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
}

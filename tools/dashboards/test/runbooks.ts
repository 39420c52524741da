import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alerts, root, services } from './repository.ts';

const folder = new URL('docs/runbooks/', root);

/** Something in a page that can be tried: a query, a call, a line of the log. */
export interface Block {
  readonly language: string;
  /** The service that it is for, if the page says so. */
  readonly service: string | undefined;
  readonly text: string;
}

/** A page of the runbooks. */
export interface Page {
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Services whose alert it is about; all for the index. */
  readonly services: readonly string[];
}

const BLOCK = /^(?<indent> *)```(?<language>\w+) ?(?<service>\w*)\n(?<text>[\s\S]*?)^ *```$/gm;

/** All pages, the index as `README`. */
export const pages: readonly Page[] = globSync('*.md', { cwd: fileURLToPath(folder) })
  .sort()
  .map((file) => {
    const name = file.replace('.md', '');
    const text = readFileSync(new URL(file, folder), 'utf8');
    const concerned = services
      .map((service) => service.name)
      .filter(
        (service) =>
          name === 'README' || alerts.some((alert) => alert.service === service && alert.runbook === name),
      );
    return { name, text, blocks: blocksOf(text), services: concerned };
  });

/** All blocks of a language, one line each where every line stands for itself. */
export function tried(language: string): (Block & { page: string; services: readonly string[] })[] {
  return pages.flatMap(({ name: page, blocks, services: concerned }) =>
    blocks
      .filter((block) => block.language === language)
      .map((block) => ({ ...block, page, services: block.service ? [block.service] : concerned })),
  );
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(BLOCK)].map(({ groups }) => ({
    language: groups!['language']!,
    service: groups!['service'] || undefined,
    text: groups!['text']!.replaceAll(new RegExp(`^${groups!['indent']}`, 'gm'), '').trim(),
  }));
}

/** The lines of all blocks of a language in which every line stands for itself. */
export function linesOf(language: string): { page: string; line: string }[] {
  return tried(language).flatMap(({ page, text }) => text.split('\n').map((line) => ({ page, line })));
}

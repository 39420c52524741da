import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../repository.ts';
import { overview } from './overview.ts';
import { retryableCodes } from './retryable.ts';
import { servicePage } from './service-page.ts';

const FOLDER = 'docs/reference';

/** Writes the reference of all services, and removes pages of services that are gone. Returns the names of its files. */
export function writeReference(repository: Repository): string[] {
  const folder = join(repository.root, FOLDER);
  const pages = pagesOf(repository);
  mkdirSync(folder, { recursive: true });
  for (const file of filesIn(folder)) if (!pages.has(file)) rmSync(join(folder, file));
  for (const [file, text] of pages) writeFileSync(join(folder, file), text);
  return [...pages.keys()];
}

/** Names of the files that are not what {@link writeReference} would write. */
export function checkReference(repository: Repository): string[] {
  const folder = join(repository.root, FOLDER);
  const pages = pagesOf(repository);
  return [...new Set([...pages.keys(), ...filesIn(folder)])].filter((file) => {
    const path = join(folder, file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== pages.get(file);
  });
}

function pagesOf(repository: Repository): ReadonlyMap<string, string> {
  const releases = new Map(repository.services.map((service) => [service, repository.present(service)]));
  const libraries = sources(repository, 'libs/*/src');
  return new Map([
    ['README.md', overview(releases)],
    ...[...releases].map(([service, release]): [string, string] => {
      const retryable = retryableCodes([...libraries, ...sources(repository, `apps/${service}/src`)]);
      return [`${service}.md`, servicePage(service, release, retryable)];
    }),
  ]);
}

function sources({ root }: Repository, folder: string): string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root, exclude: (path) => path.endsWith('.spec.ts') }).map(
    (path) => readFileSync(join(root, path), 'utf8'),
  );
}

function filesIn(folder: string): string[] {
  return globSync('*.md', { cwd: folder });
}

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checked, notMet, type Check } from './check.ts';

/** An image that is built upon (`ARG BASE=image`, `FROM image`) or run (`image: image`), also as a default. */
const IMAGE = /^(?:ARG \w+=|FROM |\s+image: (?:&\S+ )?)['"]?(?:\$\{\w+:-)?(?<image>[\w.-]+[/:][^\s'"}]+)/gm;

/** Ours have the version that they are built with. */
const OURS = 'ghcr.io/gantry-mcp';

/** Whether the images of others are named by digest. By a tag they are what is behind it on that day. */
export function pinnedImages(root: string): Check {
  const files = globSync('deploy/{containers/*Containerfile,compose/*.{yml,yaml}}', { cwd: root }).sort();
  const images = files
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(IMAGE)])
    .map((match) => match.groups?.['image'] ?? '')
    .filter((image) => !image.startsWith(OURS));
  const byTag = [...new Set(images.filter((image) => !image.includes('@sha256:')))];
  return byTag.length === 0
    ? checked('Pinned images', `${images.length} images in ${files.length} files of deploy`, [])
    : notMet('Pinned images', `by name, not by digest: ${byTag.join(', ')}`);
}

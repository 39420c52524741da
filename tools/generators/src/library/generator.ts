import {
  formatFiles,
  generateFiles,
  installPackagesTask,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { join } from 'node:path';
import { pascalCase } from '../words.ts';
import { expectUnused, versionIn } from '../workspace.ts';

/** See schema.json. */
export interface LibraryOptions {
  readonly name: string;
  readonly layer: number;
}

/** Makes a library that can be published. */
export default async function library(
  tree: Tree,
  { name, layer }: LibraryOptions,
): Promise<GeneratorCallback> {
  expectUnused(tree, name);
  const pascal = pascalCase(name);
  generateFiles(tree, join(import.meta.dirname, 'files'), `libs/${name}`, {
    name,
    layer,
    // All libraries are released together, under one version.
    version: versionIn(tree, '@gantry/errors'),
    identifier: pascal.charAt(0).toLowerCase() + pascal.slice(1),
  });
  await formatFiles(tree);
  // Links it into node_modules, and notes it in package-lock.json.
  return () => installPackagesTask(tree, true);
}

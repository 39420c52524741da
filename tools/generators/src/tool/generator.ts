import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { contractSnapshot, follow, reference } from '../follow-up.ts';
import { capitalized, pascalCase } from '../words.ts';
import { textOf } from '../workspace.ts';
import { withTool } from './providers.ts';

/** See schema.json. */
export interface ToolOptions {
  readonly service: string;
  readonly name: string;
  readonly effect: 'read' | 'create' | 'update' | 'delete';
}

/** Makes a tool with its spec, and lists it among the providers of its service. */
export default async function tool(
  tree: Tree,
  { service, name, effect }: ToolOptions,
): Promise<GeneratorCallback> {
  const src = `apps/${service}/src`;
  const file = name.replaceAll('_', '-');
  if (!tree.exists(`apps/${service}/package.json`)) throw new Error(`There is no service ${service}.`);
  if (tree.exists(`${src}/tools/${file}.tool.ts`)) throw new Error(`${service} has a tool ${name} already.`);
  const Class = `${pascalCase(name)}Tool`;
  const isRead = effect === 'read';
  generateFiles(tree, join(import.meta.dirname, 'files'), `${src}/tools`, {
    service,
    Service: capitalized(service),
    name,
    file,
    effect,
    Class,
    contract: name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    title: capitalized(name.replaceAll('_', ' ')),
    scope: `${service}:${isRead ? 'read' : 'write'}`,
    outside: isRead ? 'other:read' : `${service}:read`,
    outsiders: isRead ? 'everybody' : 'readers',
    keyed: effect === 'create',
  });
  const module = `${src}/${service}.module.ts`;
  const changed = withTool(textOf(tree, module), { name: Class, file: `./tools/${file}.tool.ts` });
  if (!changed) throw new Error(`${module} lists no tools to which another one could be added.`);
  tree.write(module, changed);
  await formatFiles(tree);
  return () => follow(tree.root, [contractSnapshot(service), reference]);
}

import {
  formatFiles,
  generateFiles,
  installPackagesTask,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { join } from 'node:path';
import { charts, contractSnapshot, dashboards, follow, reference } from '../follow-up.ts';
import { articleOf, capitalized, pluralOf } from '../words.ts';
import { addDependency, expectUnused, freePortOffset, textOf, versionIn } from '../workspace.ts';

/** See schema.json. */
export interface ServiceOptions {
  readonly name: string;
  readonly noun: string;
  readonly plural?: string;
  readonly prefix?: string;
}

/** Tools that run or check all services, and how they depend on them. */
const OVER_ALL_SERVICES = [
  ['charts', 'dependencies'],
  ['dashboards', 'devDependencies'],
  ['dev', 'dependencies'],
] as const;

/** Makes a service, and enters it wherever services are listed. */
export default async function service(tree: Tree, options: ServiceOptions): Promise<GeneratorCallback> {
  const {
    name,
    noun,
    plural = pluralOf(noun),
    prefix = noun.length <= 4 ? noun : noun.slice(0, 3),
  } = options;
  expectUnused(tree, name);
  const article = articleOf(noun);
  const words = {
    service: name,
    Service: capitalized(name),
    SERVICE: name.toUpperCase(),
    item: noun,
    Item: capitalized(noun),
    items: plural,
    Items: capitalized(plural),
    ITEMS: plural.toUpperCase(),
    an: article,
    An: capitalized(article),
    prefix,
    portOffset: freePortOffset(tree),
    libraryChart: libraryChartVersion(tree),
    version: (dependency: string) => versionIn(tree, dependency),
  };
  const from = (folder: string) => join(import.meta.dirname, folder);
  generateFiles(tree, from('app'), `apps/${name}`, words);
  generateFiles(tree, from('dev'), 'tools/dev', words);
  for (const [tool, kind] of OVER_ALL_SERVICES)
    addDependency(tree, `tools/${tool}`, kind, `@gantry/${name}`, '0.1.0');
  await formatFiles(tree);
  // Only now: what Helm has to fill in is no YAML to Prettier.
  generateFiles(tree, from('chart'), `deploy/charts/${name}`, words);
  return () => {
    // Links it into node_modules, and notes it in package-lock.json.
    installPackagesTask(tree, true);
    follow(tree.root, [contractSnapshot(name), dashboards, charts, reference]);
  };
}

function libraryChartVersion(tree: Tree): string {
  return /^version: (.+)$/m.exec(textOf(tree, 'deploy/charts/gantry-service/Chart.yaml'))![1]!;
}

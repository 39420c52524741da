import { readJson, updateJson, type Tree } from '@nx/devkit';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly nx?: { readonly name?: string };
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** @throws Error if a package or project of the repository has the name */
export function expectUnused(tree: Tree, name: string): void {
  for (const manifest of manifestsIn(tree))
    if (manifest.name === `@gantry/${name}` || manifest.nx?.name === name)
      throw new Error(`${name} is the name of another project: ${manifest.name}.`);
}

/**
 * The version of a package that the repository uses: of its own packages their own, of others the one that is pinned.
 *
 * @throws Error if nothing depends on it yet
 */
export function versionIn(tree: Tree, name: string): string {
  for (const manifest of manifestsIn(tree)) {
    if (manifest.name === name) return manifest.version;
    const pinned = manifest.dependencies?.[name] ?? manifest.devDependencies?.[name];
    if (pinned) return pinned;
  }
  throw new Error(`No package of the repository depends on ${name}.`);
}

/** Lets a package depend on another one, so that Nx knows who is affected by a change. */
export function addDependency(
  tree: Tree,
  folder: string,
  kind: 'dependencies' | 'devDependencies',
  name: string,
  version: string,
): void {
  updateJson<Manifest>(tree, `${folder}/package.json`, (manifest) => {
    const all = Object.entries({ ...manifest[kind], [name]: version });
    return { ...manifest, [kind]: Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1))) };
  });
}

/** The smallest distance from the base port that no part of the development stack has. */
export function freePortOffset(tree: Tree): number {
  const folder = 'tools/dev/src';
  const files = [
    'stack-settings.ts',
    ...tree.children(`${folder}/services`).map((file) => `services/${file}`),
  ];
  const taken = files.flatMap((file) =>
    [...textOf(tree, `${folder}/${file}`).matchAll(/(?:portOffset: |PORT_OFFSET = )(\d+)/g)].map(
      ([, offset]) => Number(offset),
    ),
  );
  let offset = 1;
  while (taken.includes(offset)) offset += 1;
  return offset;
}

/** @throws Error if there is no such file */
export function textOf(tree: Tree, file: string): string {
  const text = tree.read(file, 'utf8');
  if (text === null) throw new Error(`There is no ${file}.`);
  return text;
}

function* manifestsIn(tree: Tree): Generator<Manifest> {
  for (const kind of ['libs', 'apps', 'tools', 'examples'])
    for (const project of tree.children(kind)) {
      const file = `${kind}/${project}/package.json`;
      if (tree.exists(file)) yield readJson<Manifest>(tree, file);
    }
}

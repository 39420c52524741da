import type { Metafile } from 'esbuild';
import { resolve } from 'node:path';
import { packageOf, type Package } from './package-of.ts';

/** A package of which there is code in a bundle. */
export interface BundledPackage extends Package {
  /** The packages in the bundle that it imports. */
  readonly imports: readonly Package[];
}

/**
 * Of which packages there is code in the bundle, by name and version. It is what esbuild has written, not what is
 * installed: a package that nothing is used of is not in it.
 *
 * @param directory - that the paths of the metafile are relative to
 */
export function bundledPackages({ inputs, outputs }: Metafile, directory: string): BundledPackage[] {
  const written = new Set(
    Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    ),
  );
  // By name and version: npm may have installed one in several places.
  const packages = new Map<string, Package>();
  const imports = new Map<string, Set<string>>();
  for (const path of written) {
    const from = idOf(path);
    for (const to of inputs[path]!.imports)
      if (written.has(to.path) && idOf(to.path) !== from) imports.get(from)!.add(idOf(to.path));
  }
  return [...packages.keys()].sort().map((id) => ({
    ...packages.get(id)!,
    imports: [...imports.get(id)!].sort().map((other) => packages.get(other)!),
  }));

  function idOf(path: string): string {
    const owner = packageOf(resolve(directory, path));
    const id = `${owner.name}@${owner.version}`;
    if (!packages.has(id)) {
      packages.set(id, owner);
      imports.set(id, new Set());
    }
    return id;
  }
}

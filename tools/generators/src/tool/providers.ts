/** A provider and the file that exports it, relative to the module. */
export interface Provider {
  readonly name: string;
  readonly file: string;
}

/**
 * Lists a tool among the providers of a module, after the service's own that are there, and imports it.
 *
 * @param source - the text of the module
 * @returns `undefined` if it lists no tool of its own, so that there is no place to see
 */
export function withTool(source: string, { name, file }: Provider): string | undefined {
  const imports = [...source.matchAll(/^import \{ (.+) \} from '(\.\/tools\/.+)';\n/gm)];
  const own = new Set(imports.flatMap(([, names]) => names!.split(', ')));
  const last = [...source.matchAll(/^ +(\w+),\n/gm)].findLast(([, provider]) => own.has(provider!));
  if (!last) return undefined;
  const next = imports.find(([, , other]) => other! > file) ?? endOf(imports.at(-1)!);
  return insert(source, [
    [next.index, `import { ${name} } from '${file}';\n`],
    [endOf(last).index, `    ${name},\n`],
  ]);
}

function endOf(match: RegExpExecArray): { readonly index: number } {
  return { index: match.index + match[0].length };
}

/** @param insertions - in the order of their places */
function insert(source: string, insertions: readonly (readonly [place: number, text: string])[]): string {
  return insertions.reduceRight(
    (text, [place, added]) => text.slice(0, place) + added + text.slice(place),
    source,
  );
}

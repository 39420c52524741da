import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { packageOf } from './package-of.ts';

/** What {@link bundle} carries along of a package, as code asks for it. */
const CARRIED = /^(?:\.\.\/)+(?:package\.json|migrations\/)$/;

/**
 * Our own code finds what lies beside it, its package.json and its migrations, by `import.meta.url`. In a bundle that is
 * the URL of some chunk. So it is replaced by where the file would be if its package were there as a whole; and the
 * folder of each package is there, with what code looks for.
 */
export function packageUrls(app: string): Plugin {
  return {
    name: 'package-urls',
    setup(build) {
      build.onLoad({ filter: /[/\\]dist[/\\].*\.js$/ }, async ({ path }) => {
        if (path.includes(`${sep}node_modules${sep}`)) return undefined;
        const code = await readFile(path, 'utf8');
        if (!code.includes('import.meta.url')) return undefined;
        const missing = [...code.matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)].filter(
          ([, target]) => !CARRIED.test(target!),
        );
        if (missing.length > 0)
          return { errors: missing.map(([, target]) => ({ text: `${target} is not part of the bundle.` })) };
        return { contents: code.replaceAll('import.meta.url', urlOf(path, app)), loader: 'js' };
      });
    },
  };
}

/** An expression for the URL of a file, as code of the bundle sees it. */
function urlOf(path: string, app: string): string {
  const { name, folder } = packageOf(path);
  const place = relative(folder, path).replaceAll(sep, '/');
  // The app's own code is bundled into dist/, one folder below its package.json.
  if (folder === app) return `new URL(${JSON.stringify(`../${place}`)}, import.meta.url)`;
  return `new URL(${JSON.stringify(place)}, import.meta.resolve(${JSON.stringify(`${name}/package.json`)}))`;
}

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { basename, isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PluginError } from './plugin-error.ts';

/** Where a plugin is. */
export interface PluginPackage {
  /** The file whose default export describes it. */
  readonly entry: URL;
  /** Of a package; a file has none. */
  readonly version: string | undefined;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

/**
 * Libraries that recognize things by identity: classes by which Nest injects, symbols that decorators leave,
 * registries of descriptions. A second copy of one works by itself and is invisible to the first.
 */
const ONE_COPY = /^(?:@gantry\/.+|@nestjs\/(?:common|core)|zod)$/;

/**
 * Finds a plugin by its name in MCP_PLUGINS.
 *
 * @param packageJson - URL of the app's package.json: packages are looked up from there
 * @throws PluginError if there is none, or if it has libraries of its own that it must share with the service
 */
export function locatePlugin(name: string, packageJson: URL): PluginPackage {
  const isFile = /^(?:file:|\.\.?\/)/.test(name) || isAbsolute(name);
  const path = isFile ? fileAt(name) : packageAt(name, packageJson);
  const entry = pathToFileURL(path);
  const manifestPath = isFile ? manifestAbove(entry) : find(name, packageJson);
  const manifest = manifestPath ? (JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest) : {};
  const problems = ownCopies(manifest, entry, packageJson).map(
    ([library, where]) =>
      `plugin ${name} brings its own copy of ${library} (${where}): both would not know of each other. Make it a peer dependency of the plugin`,
  );
  if (problems.length > 0) throw new PluginError(problems);
  // The package.json next to a lone file may be anybody's.
  return { entry, version: isFile ? undefined : manifest.version };
}

/** Where there is no package.json above a file, Node answers with the file itself. */
function manifestAbove(entry: URL): string | undefined {
  const path = findPackageJSON(entry);
  return path !== undefined && basename(path) === 'package.json' ? path : undefined;
}

function fileAt(name: string): string {
  const path = name.startsWith('file:') ? pathOf(name) : resolve(name);
  if (!existsSync(path)) throw new PluginError([`plugin ${name} does not exist: there is no file ${path}`]);
  return realpathSync(path);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new PluginError([`plugin ${url} is not the URL of a file on this machine`]);
  }
}

function packageAt(name: string, packageJson: URL): string {
  try {
    return createRequire(packageJson).resolve(name);
  } catch {
    const problem = find(name, packageJson)
      ? 'is installed, but there is nothing to import: it has to be built, and to have "default" among the "exports" of its package.json'
      : 'is not installed. Install it where the service is installed, or name a file by an absolute path or one that begins with ./';
    throw new PluginError([`plugin ${name} ${problem}`]);
  }
}

function ownCopies(manifest: Manifest, entry: URL, packageJson: URL): [library: string, where: string][] {
  const libraries = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return libraries
    .filter((library) => ONE_COPY.test(library))
    .flatMap((library) => {
      const own = find(library, entry);
      const shared = find(library, packageJson) ?? find(library, new URL(import.meta.url));
      return own && shared && own !== shared ? [[library, own] as [string, string]] : [];
    });
}

/** The package.json of a package as seen from a file, links followed. */
function find(name: string, from: URL): string | undefined {
  try {
    const path = findPackageJSON(name, from);
    return path && realpathSync(path);
  } catch {
    return undefined;
  }
}

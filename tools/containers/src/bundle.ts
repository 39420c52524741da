import { build, type Metafile } from 'esbuild';
import { chmod, copyFile, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from './bundled-packages.ts';
import { notices } from './notices.ts';
import { packageOf, type Package } from './package-of.ts';
import { packageUrls } from './package-urls.ts';
import { billOfMaterials } from './sbom.ts';
import { sharedPackages } from './shared-packages.ts';
import { ROOT } from './workspace.ts';

/** Nest and Fastify import these for features that no service uses; nobody has them installed. */
const NOT_INSTALLED = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
  'pg-native',
];

/** What CommonJS packages expect to be there, and a module of ESM does not have. */
const REQUIRE = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/**
 * Bundles a compiled service with all that it imports, into a folder that runs anywhere with nothing but Node:
 *
 *   dist/main.js               the service; the code that it shares with plugins is in chunks beside it
 *   package.json, migrations/
 *   node_modules/<package>/    what plugins may import, as entries to the same chunks; migrations of libraries
 *   sbom.cdx.json, LICENSE, THIRD-PARTY-NOTICES.txt
 *
 * The same sources make the same bytes.
 *
 * @param app - folder of the service, compiled
 */
export async function bundle(app: string, out: string): Promise<void> {
  const subject = packageOf(app);
  const shared = sharedPackages(app);
  await rm(out, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: app,
    entryPoints: Object.fromEntries([
      ['dist/main', './dist/main.js'],
      ...shared.map(({ name }) => [`node_modules/${name}/index`, name]),
    ]),
    outdir: out,
    chunkNames: 'dist/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: NOT_INSTALLED,
    plugins: [packageUrls(app)],
    banner: { js: REQUIRE },
    // Names are as they were, but of two classes of one name one gets a number. keepNames would mend that, and name
    // every function that is made while a call is served: 12 µs each.
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  await writePackage(subject, out, { type: 'module' });
  for (const each of shared) {
    const exports = { '.': './index.js', './package.json': './package.json' };
    await writePackage(each, join(out, 'node_modules', each.name), { type: 'module', exports });
  }
  await writePapers(subject, metafile, out);
  await makeReadable(out);
}

/** The package.json of a package, without what only its development needs, and its migrations. */
async function writePackage({ name, version, license, folder }: Package, out: string, rest: object) {
  await mkdir(out, { recursive: true });
  await writeJson(join(out, 'package.json'), { name, version, license, ...rest });
  const migrations = join(folder, 'migrations');
  if (existsSync(migrations)) await cp(migrations, join(out, 'migrations'), { recursive: true });
}

async function writePapers(subject: Package, metafile: Metafile, out: string): Promise<void> {
  const packages = bundledPackages(metafile, subject.folder);
  await writeJson(join(out, 'sbom.cdx.json'), billOfMaterials(subject, packages));
  await writeFile(join(out, 'THIRD-PARTY-NOTICES.txt'), await notices(packages));
  await copyFile(join(ROOT, 'LICENSE'), join(out, 'LICENSE'));
}

async function writeJson(path: string, content: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** By every user, whatever the umask was: an image keeps the modes of the files it is made from. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PEERS, ROOT, WORK } from './folders.ts';

/** Libraries that the service of trivial tools imports: its bundle has them, as that of a service has. */
const LIBRARIES = ['audit', 'auth', 'pipeline', 'postgres', 'rate-limit', 'service'];

/** Where the services are that are measured: bundled as they are in their images. */
export interface Bundles {
  readonly gantry: string;
  readonly records: string;
}

/** Compiles and bundles the service of trivial tools and records. */
export async function buildBundles(): Promise<Bundles> {
  compile('tools/bench/tsconfig.lib.json', 'apps/records/tsconfig.lib.json');
  const gantry = `${WORK}/bundles/gantry`;
  const records = `${WORK}/bundles/records`;
  // The bundler runs from its sources, which no compiled project may import.
  const { bundle } = (await import(new URL('../../../containers/src/bundle.ts', import.meta.url).href)) as {
    bundle: (app: string, out: string) => Promise<void>;
  };
  await bundle(benchApp(), gantry);
  await bundle(`${ROOT}apps/records`, records);
  return { gantry: `${gantry}/dist/main.js`, records: `${records}/dist/main.js` };
}

/** The bundler takes a folder as apps have one: package.json and dist/main.js. */
function benchApp(): string {
  const folder = fileURLToPath(new URL('../../dist/app', import.meta.url));
  mkdirSync(`${folder}/dist`, { recursive: true });
  const dependencies = Object.fromEntries(LIBRARIES.map((name) => [`@gantry/${name}`, '0.1.0']));
  const manifest = { name: '@gantry/bench-service', version: '0.1.0', type: 'module', dependencies };
  writeFileSync(`${folder}/package.json`, JSON.stringify(manifest));
  writeFileSync(`${folder}/dist/main.js`, "import '../../servers/gantry/main.js';\n");
  return folder;
}

function compile(...configs: readonly string[]): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '--build', ...configs], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The services do not compile.');
}

/** Installs the peers, if their lock file has changed since they were installed last. */
export function installPeers(): void {
  const lock = `${PEERS}package-lock.json`;
  const installed = `${PEERS}node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(
    'Installing the servers to compare with, into tools/bench/peers/node_modules (once, about 100 MB) …',
  );
  // None of them needs what its dependencies would run at installation.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-workspaces', '--loglevel=error'], {
    cwd: PEERS,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('They could not be installed: is there an npm registry in reach?');
}

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Compiles the services, which run as they are deployed; what has not changed is left. */
export function build(): void {
  const configs = ['orders', 'payments', 'records'].map((app) => `apps/${app}/tsconfig.lib.json`);
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '--build', ...configs], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The services do not compile.');
}

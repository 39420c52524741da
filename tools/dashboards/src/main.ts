import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { assetsFor } from './assets.ts';
import { servicesIn } from './services.ts';

/**
 * Makes the dashboards and alert rules of all services anew:
 *
 *   node --conditions=@gantry/source tools/dashboards/src/main.ts
 */
const root = new URL('../../../', import.meta.url);
const target = new URL('deploy/observability/', root);

for (const folder of ['dashboards/', 'alerts/']) {
  // What is left of a service that is gone.
  rmSync(new URL(folder, target), { recursive: true, force: true });
  mkdirSync(new URL(folder, target), { recursive: true });
}
for (const [path, text] of assetsFor(servicesIn(new URL('apps/', root))))
  writeFileSync(new URL(path, target), text);

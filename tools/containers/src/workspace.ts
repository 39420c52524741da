import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** An app of the workspace that is deployed. */
export interface Service {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** What is wrong is for the person at the terminal, who needs no stack. */
export class ContainerError extends Error {}

/** The service in apps/ of this name. */
export function serviceNamed(name: string): Service {
  const folder = join(ROOT, 'apps', name);
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(join(folder, 'package.json')))
    throw new ContainerError(`There is no service '${name}' in apps/.`);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { name, version, folder };
}

/** Where the bundle of a service is put: what its image has in /app. */
export function bundleFolder({ name }: Service): string {
  return join(ROOT, 'dist/containers', name);
}

import { readdirSync } from 'node:fs';
import type { ServiceEntry } from './service-entry.ts';

const FOLDER = new URL('./services/', import.meta.url);

const modules = await Promise.all(
  readdirSync(FOLDER).map(
    (file) => import(new URL(file, FOLDER).href) as Promise<Record<string, ServiceEntry>>,
  ),
);

/** Every service that `make serve` starts: what the files in services/ export, in the order of their ports. */
export const SERVICES: readonly ServiceEntry[] = modules
  .flatMap((module) => Object.values(module))
  .sort((one, other) => one.portOffset - other.portOffset);

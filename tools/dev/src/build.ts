import { createRequire } from 'node:module';
import { ServiceProcess } from './service-process.ts';
import { ROOT, type ServiceEntry } from './service-entry.ts';
import type { Site } from './site.ts';

/**
 * Compiles what the services run from. One compiler for all of it: it takes a fifth of the time of one per
 * project, and skips what has not changed just the same.
 */
export async function buildServices(
  services: readonly ServiceEntry[],
  site: Site,
  signal: AbortSignal,
): Promise<void> {
  const configs = services.flatMap(({ tsconfig }) => tsconfig ?? []);
  if (configs.length === 0) return;
  await ServiceProcess.run(
    {
      name: 'build',
      program: createRequire(import.meta.url).resolve('typescript/bin/tsc'),
      args: ['--build', ...configs],
      cwd: ROOT,
      env: process.env,
      logFile: site.logFile('build'),
    },
    signal,
  );
}

import { join } from 'node:path';
import { addressOf } from './service-address.ts';
import { ServiceProcess } from './service-process.ts';
import { secretFile, withoutServiceSettings } from './service-setup.ts';
import type { ServiceEntry, SimulatorEntry } from './service-entry.ts';
import { SIMULATORS_FOLDER, type Site } from './site.ts';

/** Starts what a service calls instead of the world outside, and waits until it answers. */
export async function startSimulator(
  simulator: SimulatorEntry,
  service: ServiceEntry,
  site: Site,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  const { name, program, webhook } = simulator;
  const { port, origin } = addressOf(simulator, site.settings);
  const started = await ServiceProcess.start({
    name,
    program,
    args: [
      ...['--port', String(port)],
      ...['--state', join(site.settings.stateDirectory, SIMULATORS_FOLDER, `${name}.ndjson`)],
      ...['--webhook-url', addressOf(service, site.settings).origin + webhook.path],
      ...['--webhook-secret-file', secretFile(service, webhook.secret, site)],
    ],
    env: withoutServiceSettings(process.env),
    logFile: site.logFile(name),
  });
  site.closers.push(() => started.stop());
  await started.ready(origin + simulator.healthPath, signal);
  return started;
}

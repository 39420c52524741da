import { Progress } from './progress.ts';
import { RunningMark } from './running-mark.ts';
import type { ServiceEntry } from './service-entry.ts';
import { closeSite, openSite } from './site.ts';
import { STACK_STEPS, startStack } from './stack.ts';
import { StackError, type StackSettings } from './stack-settings.ts';
import { welcome } from './welcome.ts';

/**
 * Runs the development stack until `signal` is aborted or a service or simulator ends by itself.
 * In either case, and after a failed start, nothing of it is left running.
 */
export async function serve(
  settings: StackSettings,
  services: readonly ServiceEntry[],
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const mark = new RunningMark(settings.stateDirectory);
  const owner = await mark.owner();
  if (owner !== undefined) {
    throw new StackError(
      `Gantry runs already (process ${owner}) with the state in ${settings.stateDirectory}.`,
    );
  }
  await mark.take();
  const site = await openSite(settings);
  try {
    const started = await startStack(site, services, new Progress(STACK_STEPS, write), signal);
    write(welcome(settings, started, process.cwd()));
    await Promise.race([aborted(signal), ...started.map((service) => service.failure())]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    const something = site.closers.length > 0;
    if (something) write('\nStopping … ');
    await closeSite(site);
    await mark.drop();
    if (something) write('stopped.\n');
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import type { Log } from '@gantry/observability';

/** One request can arrive twice: shells and supervisors signal the whole group, and pass it on too. */
const SAME_REQUEST_MS = 1_000;

/** Resolves at the first SIGTERM or SIGINT. Another one, a second or more later, ends the process at once. */
export function onStopSignal(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let since = Infinity;
    const stop = (signal: NodeJS.Signals) => {
      if (performance.now() - since > SAME_REQUEST_MS) process.exit(1);
      if (since === Infinity) log.info({ signal }, 'stopping');
      since = Math.min(since, performance.now());
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

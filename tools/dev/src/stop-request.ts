/** One request can arrive twice: a terminal, `timeout` and make signal the whole group, and make passes it on too. */
const SAME_REQUEST_MS = 1_000;

/**
 * Aborted at the first SIGINT, SIGTERM or SIGHUP. Another one, a second or more later, ends the process at once; the
 * watchers then stop what it started.
 */
export function stopRequest(): AbortSignal {
  const controller = new AbortController();
  let since = Infinity;
  const stop = () => {
    if (performance.now() - since > SAME_REQUEST_MS) process.exit(1);
    since = Math.min(since, performance.now());
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}

/**
 * Loaded into a service before anything of its own (`--import`): watches its event loop and its memory from within, and
 * tells the parent process over IPC. No import, so that it changes nothing else about the service.
 */

/** What goes from the service to whoever watches it. */
export type ProbeMessage =
  { readonly kind: 'lag'; readonly lag: Lag } | { readonly kind: 'reading'; readonly reading: Reading };

/** The event loop did not turn for a while. */
export interface Lag {
  /** When it turned again: milliseconds since the epoch. */
  readonly at: number;
  /** How much later than it should. */
  readonly lateMs: number;
  /** How much of that the thread was computing; the rest it was waiting for a processor that others had. */
  readonly ownMs: number;
}

/** What the process is like, after a full garbage collection. */
export interface Reading {
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** The worst since the last reading. */
  readonly worst: Lag;
  /** What Object.prototype and its kind have now and had not when the process began. */
  readonly polluted: readonly string[];
}

/** Asks for a {@link Reading}. */
export const LOOK = 'look';

const TICK_MS = 10;
/** Shorter turns are not worth a message. */
const TELL_FROM_MS = 50;

const NO_LAG: Lag = { at: 0, lateMs: 0, ownMs: 0 };
const PROTOTYPES = { Object: Object.prototype, Array: Array.prototype, Function: Function.prototype };

// The parent imports the types and LOOK from here: there is no channel then.
if (process.send && process.execArgv.some((argument) => argument.includes('probe'))) watch();

function watch(): void {
  const initially = new Set(namesOnPrototypes());
  let worst = NO_LAG;
  let last = performance.now();
  let lastCpu = threadMs();

  setInterval(() => {
    const lateMs = performance.now() - last - TICK_MS;
    const ownMs = Math.max(0, Math.min(lateMs, threadMs() - lastCpu));
    const lag = { at: performance.timeOrigin + performance.now(), lateMs, ownMs };
    if (ownMs > worst.ownMs || (ownMs === worst.ownMs && lateMs > worst.lateMs)) worst = lag;
    if (lateMs >= TELL_FROM_MS) tell({ kind: 'lag', lag });
    again();
  }, TICK_MS).unref();

  process.on('message', (message) => {
    if (message !== LOOK) return;
    // The second one takes what finalisers of the first have let go.
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    const polluted = namesOnPrototypes().filter((name) => !initially.has(name));
    const reading: Reading = { heapBytes: heapUsed, rssBytes: rss, worst, polluted };
    // That was not the service's doing.
    worst = NO_LAG;
    again();
    tell({ kind: 'reading', reading });
  });
  // Whoever watches is gone; nobody would end this process.
  process.on('disconnect', () => process.exit(1));
  process.channel?.unref();

  function again(): void {
    last = performance.now();
    lastCpu = threadMs();
  }
}

function tell(message: ProbeMessage): void {
  if (process.connected) process.send!(message);
}

/** What this thread has computed. Garbage collection in other threads does not count: it blocks nothing. */
function threadMs(): number {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage)();
  return (user + system) / 1_000;
}

function namesOnPrototypes(): string[] {
  return Object.entries(PROTOTYPES).flatMap(([owner, prototype]) =>
    Reflect.ownKeys(prototype).map((name) => `${owner}.prototype.${String(name)}`),
  );
}

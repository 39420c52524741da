import type { ServiceProcess } from './fleet/service-process.ts';
import type { Score } from './score.ts';
import type { Input } from './wire/input.ts';

/** Inputs that are remembered after their answer: news of a blocked loop comes late. */
const REMEMBERED = 400;
const SUSPECTS = 3;

interface Flight {
  readonly input: Input;
  readonly since: number;
  until: number;
}

/** Tells which inputs were under way when an event loop did not turn. */
export class BlockWatch {
  readonly #flights: Flight[] = [];
  #seen: number;

  constructor(
    private readonly process: Pick<ServiceProcess, 'lags'>,
    private readonly score: Score,
    /** A service does nothing else for no longer than this. */
    private readonly maxTurnMs: number,
  ) {
    // Starting takes the time that it takes.
    this.#seen = process.lags.length;
  }

  /** @returns what tells of the answer */
  begin(input: Input): { end(): void } {
    const flight: Flight = { input, since: now(), until: Infinity };
    this.#flights.push(flight);
    if (this.#flights.length > REMEMBERED) this.#flights.shift();
    return {
      end: () => {
        flight.until = now();
        this.check();
      },
    };
  }

  /** Looks at what the probe has said meanwhile. */
  check(): void {
    const { lags } = this.process;
    for (; this.#seen < lags.length; this.#seen += 1) {
      const { at, lateMs, ownMs } = lags[this.#seen]!;
      // The rest of the time others had the processor: a busy machine is no fault of the service.
      if (ownMs <= this.maxTurnMs) continue;
      const suspects = this.#flights
        .filter(({ since, until }) => since < at && until > at - lateMs)
        .sort((a, b) => b.until - b.since - (a.until - a.since) || a.since - b.since)
        .slice(0, SUSPECTS);
      const names = suspects.map(({ input }) => `${input.family}: ${input.what}`).join('; ');
      this.score.find(
        'blocked',
        `${ownMs.toFixed(0)} ms; under way: ${names || 'nothing'}`,
        suspects[0]?.input,
      );
    }
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

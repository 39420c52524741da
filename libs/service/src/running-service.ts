import type { INestApplicationContext } from '@nestjs/common';

/** A service that serves. */
export interface RunningService {
  readonly app: INestApplicationContext;
  /** Resolves when the service has ended by itself; never for HTTP. */
  readonly finished: Promise<void>;
  /** Ends it gracefully: no new work, calls in flight finish or roll back, then everything is closed. */
  readonly stop: () => Promise<void>;
}

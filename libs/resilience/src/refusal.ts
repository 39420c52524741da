import { GantryError, SHARED_ERRORS } from '@gantry/errors';

/** Why an attempt was not made. */
export type RefusalReason = 'breaker_open' | 'bulkhead_full';

/** A `dependency_unavailable` of our own making: the dependency was not asked, so there is nothing to learn or to repeat. */
export class Refusal extends GantryError {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    retryAfterSeconds: number,
  ) {
    super({
      ...SHARED_ERRORS.dependency_unavailable,
      code: 'dependency_unavailable',
      message,
      retryAfterSeconds,
    });
  }
}

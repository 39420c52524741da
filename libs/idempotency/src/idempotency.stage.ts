import { Config } from '@gantry/config';
import { sharedError, validationError } from '@gantry/errors';
import {
  failure,
  idempotencyKey,
  Stage,
  type Next,
  type Outcome,
  type RunningCall,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { KeyStore, type Claim } from './key-store.ts';
import { fingerprint, scopedKey } from './scoped-key.ts';
import { idempotencySettings } from './settings.ts';
import { isFinal, storedOutcome, storedText } from './stored-answer.ts';
import { Turns } from './turns.ts';

/**
 * Carries out a call with an idempotency key once and answers its repetitions with the first answer.
 *
 * It runs inside the unit of work: the key, the effects and the kept answer commit together or not at all.
 * That is why `external` tools, which commit in phases, have to see to it themselves.
 */
@Injectable()
@Stage('idempotency')
export class IdempotencyStage implements ToolStage {
  private readonly keys: KeyStore;
  private readonly waitMs: number;
  private readonly turns = new Turns();

  constructor(database: Database, config: Config) {
    const { waitMs, retentionHours } = config.get(idempotencySettings);
    this.keys = new KeyStore(database, retentionHours);
    this.waitMs = waitMs;
  }

  /** Nothing to do for tools that read, and for `external` ones. */
  forTool(tool: ToolContract): StageRun | undefined {
    if (tool.effect === 'read' || tool.effect === 'external') return undefined;
    const required = tool.effect === 'create';
    return async (call, next) => {
      if (call.idempotencyKey !== undefined) return this.inTurn(call, call.idempotencyKey, next);
      if (!required) return next(call);
      return failure(sharedError('idempotency_key_required', `${tool.name} needs an idempotency_key.`));
    };
  }

  private async inTurn(call: RunningCall, text: string, next: Next): Promise<Outcome> {
    // Text that Postgres refuses must not become an internal error, whoever has filled in the call.
    const parsed = idempotencyKey.safeParse(text);
    if (!parsed.success) return failure(unusable(parsed.error.issues));
    const key = scopedKey(call, parsed.data);
    const waitUntil = Math.min(performance.now() + this.waitMs, call.deadline);
    const endTurn = await this.turns.take(JSON.stringify(Object.values(key)), waitUntil, call.signal);
    try {
      // Memory and database share one wait: what was spent in the first is not there for the second.
      const waitMs = waitUntil - performance.now();
      const claim = { key, fingerprint: fingerprint(call), requestId: call.requestId, waitMs };
      return await this.once(call, claim, next);
    } finally {
      endTurn();
    }
  }

  private async once(call: RunningCall, claim: Claim, next: Next): Promise<Outcome> {
    const result = await this.keys.claim(claim);
    if (result === 'in-flight') return failure(inFlight());
    if (result === 'used') return this.replay(call, claim);
    const outcome = await next(call);
    // What is not final rolls back, and the key with it: the next call with it starts afresh.
    if (isFinal(outcome)) await this.keys.keep(claim.key, storedText(outcome));
    return outcome;
  }

  private async replay(call: RunningCall, claim: Claim): Promise<Outcome> {
    const { sameArguments, answer } = await this.keys.find(claim);
    if (!sameArguments) return failure(conflict());
    call.resultMeta['idempotent_replay'] = true;
    return storedOutcome(answer);
  }
}

function unusable(issues: readonly { message: string }[]) {
  return validationError(
    'The idempotency_key cannot be used.',
    issues.map(({ message }) => ({ path: '/idempotency_key', message })),
  );
}

function inFlight() {
  return sharedError('idempotency_in_flight', 'The first call with this idempotency_key is still running.', {
    retryAfterSeconds: 1,
  });
}

function conflict() {
  return sharedError('idempotency_conflict', 'This idempotency_key was used with other arguments.');
}

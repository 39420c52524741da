import { Config, SigningKeys } from '@gantry/config';
import { Log } from '@gantry/observability';
import {
  failure,
  isWrite,
  Stage,
  stageSlotOf,
  type StageRun,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { elicitationSettings } from './elicitation.settings.ts';
import { Inquiry } from './inquiry.ts';
import { RequestStates } from './request-state.ts';

/**
 * Lets a tool ask the person behind the client: `call.canAsk` and `call.ask`. It stands inside idempotency and the unit
 * of work, so a call that ends with a question leaves nothing behind.
 */
@Injectable()
@Stage('elicitation')
export class ElicitationStage implements ToolStage {
  readonly #states: RequestStates;
  readonly #validSeconds: number;
  #hasToWarn: boolean;

  constructor(
    config: Config,
    private readonly log: Log,
    private readonly discovery: DiscoveryService,
  ) {
    const { stateKeys, stateSeconds } = config.get(elicitationSettings);
    this.#states = new RequestStates(new SigningKeys(stateKeys));
    this.#validSeconds = stateSeconds;
    this.#hasToWarn = !stateKeys;
  }

  /** Nothing to do for tools that read, and where nobody sees to it that answers count once. */
  forTool(tool: ToolContract): StageRun | undefined {
    if (!isWrite(tool) || !this.#answersCountOnce()) return undefined;
    return async (call, next) => {
      const { elicitation } = call.meta;
      if (!elicitation) return next(call);
      const inquiry = Inquiry.begin(call, elicitation, this.#states, this.#validSeconds);
      call.canAsk = true;
      call.ask = (key, question) => inquiry.ask(key, question);
      call.ticket = inquiry.ticket;
      const outcome = await next(call);
      const { ending } = inquiry;
      if (!ending) return outcome;
      this.#warnOnce();
      return failure(ending);
    };
  }

  #answersCountOnce(): boolean {
    return this.discovery
      .getProviders()
      .some(({ metatype, instance }) => instance && stageSlotOf(metatype) === 'single-use');
  }

  /** Not at start: most services never ask. */
  #warnOnce(): void {
    if (!this.#hasToWarn) return;
    this.#hasToWarn = false;
    this.log.warn(
      { setting: 'MCP_REQUEST_STATE_KEYS' },
      'MCP_REQUEST_STATE_KEYS is not set: answers will be refused after a restart and by other replicas.',
    );
  }
}

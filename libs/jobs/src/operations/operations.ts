import { Config } from '@gantry/config';
import { businessError, sharedError } from '@gantry/errors';
import type { ToolCall } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { z } from 'zod';
import { open } from '../envelope.ts';
import { jobsSettings } from '../settings.ts';
import { OperationHandlers } from './operation-handlers.ts';
import { OperationStore } from './operation-store.ts';
import type { OperationContract } from './operation.ts';
import { viewOf, type OperationView } from './operation-view.ts';

/** Nobody knows when an operation ends. */
const RETRY_AFTER_SECONDS = 5;

const HOUR_MS = 3_600_000;

/** The parts of a call that operations look at. */
export type Caller = Pick<ToolCall, 'principal' | 'tool' | 'requestId'>;

/** Long-running work: started, watched and cancelled by the principal of a call, in its unit of work. */
@Injectable()
export class Operations {
  readonly #perPrincipal: number;
  readonly #timeoutHours: number;
  readonly #retentionHours: number;

  constructor(
    private readonly store: OperationStore,
    private readonly handlers: OperationHandlers,
    config: Config,
  ) {
    const settings = config.get(jobsSettings);
    this.#perPrincipal = settings.operationsPerPrincipal;
    this.#timeoutHours = settings.operationTimeoutHours;
    this.#retentionHours = settings.operationRetentionHours;
  }

  /**
   * Starts an operation: some replica runs it once the unit of work of the call has committed.
   *
   * @throws GantryError `rate_limited` if the principal has too many that are not finished
   */
  async start<Input extends z.ZodType>(
    { principal, tool, requestId }: Caller,
    contract: OperationContract<Input>,
    input: z.input<Input>,
  ): Promise<OperationView> {
    const { kind } = contract;
    if (!this.handlers.find(kind))
      throw new Error(`No provider is marked as handler of operations of kind ${kind}.`);
    open(contract.input, input);
    if ((await this.store.countUnfinished(principal)) >= this.#perPrincipal)
      throw tooMany(this.#perPrincipal);
    const id = typeid('op').toString();
    const operation = { id, kind, tool: tool.name, request_id: requestId, input };
    return viewOf(await this.store.insert(principal, operation, this.#timeoutHours));
  }

  /**
   * How an operation is doing.
   *
   * @throws GantryError `not_found` for everybody but its owner, and once it is forgotten
   */
  async status({ principal }: Pick<Caller, 'principal'>, id: string): Promise<OperationView> {
    const row = await this.store.find(principal, id);
    if (row) return viewOf(row);
    throw sharedError(
      'not_found',
      'There is no such operation, or it is not yours, or it has been forgotten.',
    );
  }

  /**
   * Until when, as an ISO string, to keep what belongs to an operation: no later can it be asked for. It ends by its
   * `expires_at`, and is kept for the retention after that.
   */
  keptUntil({ expires_at }: OperationView): string {
    return new Date(Date.parse(expires_at) + this.#retentionHours * HOUR_MS).toISOString();
  }

  /**
   * Cancels an operation. Once the unit of work of the call has committed, the operation writes nothing more; what it
   * had done up to its last checkpoint stays. Cancelling a cancelled one changes nothing.
   *
   * @throws GantryError `not_found` as {@link Operations.status} does, `operation_already_finished`
   */
  async cancel({ principal }: Pick<Caller, 'principal'>, id: string): Promise<OperationView> {
    const cancelled = await this.store.cancel(principal, id, this.#retentionHours);
    if (cancelled) return viewOf(cancelled);
    const view = await this.status({ principal }, id);
    if (view.status === 'cancelled') return view;
    throw businessError(
      'operation_already_finished',
      `The operation has ${view.status} already.`,
      'Nothing is left to cancel. Use check_operation_status to see what came of it.',
    );
  }
}

function tooMany(limit: number) {
  return sharedError('rate_limited', `You have ${limit} unfinished operations; no more can be started now.`, {
    hint: 'Wait until check_operation_status says that one has ended, or cancel one. Then repeat the same call.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    details: { limit },
  });
}

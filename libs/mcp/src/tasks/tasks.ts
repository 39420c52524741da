import type { GantryError } from '@gantry/errors';
import { Log } from '@gantry/observability';
import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ClientCapabilities,
  type Server,
  type ServerCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Catalogue, type CallResult } from '../catalogue/catalogue.ts';
import type { CallRequest } from '../catalogue/running-call.ts';
import { clientCapabilities } from '../sdk/client-capabilities.ts';
import type { Era } from '../sdk/tool-result.ts';
import { isUnfinished, operationView, type OperationView } from './operation.ts';
import { detailedTaskOf, taskOf, type WireTask } from './task.ts';

/** Name of the extension in capabilities. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** The tools of `@gantry/jobs` that tasks are another face of. */
const CHECK = 'check_operation_status';
const CANCEL = 'cancel_operation';

const taskParams = z.looseObject({ taskId: z.string().max(200) });

/** What the SDK knows of a request, as the request of a call. */
type RequestOf = (ctx: ServerContext) => CallRequest;

/**
 * The Tasks extension over the operations of the service. A task is an operation: looking and cancelling run the
 * operation tools through their pipelines, so ownership, limits and audit are theirs.
 */
@Injectable()
export class Tasks {
  readonly #log: Log;

  constructor(
    private readonly catalogue: Catalogue,
    log: Log,
  ) {
    this.#log = log.child({ component: 'tasks' });
  }

  /** What a server declares of it. */
  capabilities(era: Era): Pick<ServerCapabilities, 'extensions'> {
    return this.#isOffered(era) ? { extensions: { [TASKS_EXTENSION]: {} } } : {};
  }

  /** Lets a server answer `tasks/*`. */
  serve(server: Server, era: Era, requestOf: RequestOf): void {
    if (!this.#isOffered(era)) return;
    const answer = <Result extends Record<string, unknown>>(
      method: string,
      work: (taskId: string, request: CallRequest) => Promise<Result>,
    ) =>
      server.setRequestHandler(method, { params: taskParams }, ({ taskId }, ctx) => {
        if (!declaresTasks(clientCapabilities(ctx, era))) throw missingCapability();
        return work(taskId, requestOf(ctx));
      });
    answer('tasks/get', (taskId, request) => this.#get(taskId, request));
    answer('tasks/cancel', (taskId, request) => this.#cancel(taskId, request));
    answer('tasks/update', async (taskId, request) => {
      // Tasks ask for nothing once they have begun, so whatever is answered here was not asked.
      await this.#look(taskId, request);
      return {};
    });
  }

  /**
   * The task to answer a call with, if it has started one and its client can handle that.
   *
   * @param declared - what the client declared on this request
   */
  startedBy(name: string, { outcome, meta }: CallResult, declared: ClientCapabilities | undefined) {
    if (!outcome.ok || !this.catalogue.toolContract(name)?.startsOperation) return undefined;
    if (!declaresTasks(declared) || !this.#hasTools()) return undefined;
    const { data: view } = operationView.safeParse(outcome.output['operation']);
    if (!view || !isUnfinished(view)) return undefined;
    // The SDK adds an empty `content` to whatever tools/call answers; said here so that nobody wonders.
    return { resultType: 'task', ...taskOf(view), content: [], _meta: meta };
  }

  async #get(taskId: string, request: CallRequest): Promise<WireTask> {
    const view = await this.#look(taskId, request);
    try {
      return detailedTaskOf(view, this.catalogue.toolContract(view.tool));
    } catch (err) {
      this.#log.error({ err, operation: taskId, tool: view.tool }, 'an operation is no result of its tool');
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'The service failed to read this task.');
    }
  }

  async #look(taskId: string, request: CallRequest): Promise<OperationView> {
    const { outcome } = (await this.catalogue.call(CHECK, { operation_id: taskId }, request))!;
    if (!outcome.ok) throw protocolError(outcome.error);
    return operationView.parse(outcome.output);
  }

  async #cancel(taskId: string, request: CallRequest): Promise<Record<string, never>> {
    const { outcome } = (await this.catalogue.call(CANCEL, { operation_id: taskId }, request))!;
    // Too late to cancel is no error: cancelling states an intent.
    if (!outcome.ok && outcome.error.code !== 'operation_already_finished')
      throw protocolError(outcome.error);
    return {};
  }

  #isOffered(era: Era): boolean {
    return era === 'modern' && this.#hasTools();
  }

  #hasTools(): boolean {
    return (
      this.catalogue.toolContract(CHECK) !== undefined && this.catalogue.toolContract(CANCEL) !== undefined
    );
  }
}

function declaresTasks(declared: ClientCapabilities | undefined): boolean {
  return declared?.extensions?.[TASKS_EXTENSION] !== undefined;
}

function missingCapability(): ProtocolError {
  return new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
  });
}

/** The envelope says all that a caller may know of what went wrong. */
function protocolError(error: GantryError): ProtocolError {
  return error.code === 'not_found' || error.code === 'validation_error'
    ? new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        'Task not found: there is none with this id, or not for you.',
      )
    : new ProtocolError(ProtocolErrorCode.InternalError, error.message, error.toEnvelope());
}

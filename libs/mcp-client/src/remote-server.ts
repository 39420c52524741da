import { GantryError } from '@gantry/errors';
import type { Tracing } from '@gantry/observability';
import type { Dependency } from '@gantry/resilience';
import type { Implementation } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { AttemptFailed } from './attempt-failed.ts';
import { attempt, type ToolAnswer } from './attempt.ts';
import type { AuthorizedPosts } from './authorized-posts.ts';
import { inClientSpan } from './client-span.ts';
import { Exchange } from './exchange.ts';
import {
  RemoteContractBroken,
  RemoteOutcomeUnknown,
  RemoteRefusal,
  RemoteUnavailable,
  type RemoteTool,
} from './remote-errors.ts';
import { requestTool } from './tool-request.ts';
import type { TraceContext } from './trace-context.ts';

/** On whose behalf and how a tool is called. */
export interface RemoteCallOptions<Output extends object = Record<string, unknown>> {
  /** The tenant that the call is for: the token that goes along acts for it and no other. */
  readonly tenant: string;
  /** When the call must be over, in milliseconds of `performance.now()`: that of the `ToolCall`. */
  readonly deadline?: number;
  /** Ends the call; the server then stops as well, if it can. */
  readonly signal?: AbortSignal;
  /** The trace to go on with where no span is active: the `meta` of a tool call, or what a job has kept. */
  readonly trace?: TraceContext;
  /** The tool changes nothing, so it may be asked again without an idempotency key, and there is no outcome to be unsure of. */
  readonly readOnly?: boolean;
  /** What the output has to be. Name what you need and let the rest be: a server may add to its output. */
  readonly output?: z.ZodType<Output>;
}

/** What a tool of another server answered. */
export interface RemoteAnswer<Output extends object = Record<string, unknown>> {
  readonly output: Output;
  /** It was done before, by a call with the same idempotency key, and this is the answer of then. */
  readonly replayed: boolean;
}

/** What a {@link RemoteServer} stands on. */
export interface RemoteServerParts {
  readonly url: URL;
  readonly maxAnswerBytes: number;
  readonly client: Implementation;
  readonly dependency: Dependency;
  readonly posts: AuthorizedPosts;
  readonly tracing: Pick<Tracing, 'tracer'>;
}

/** Another MCP server, whose tools this service calls. Had from `RemoteServers`. */
export class RemoteServer {
  readonly #parts: RemoteServerParts;

  constructor(parts: RemoteServerParts) {
    this.#parts = parts;
  }

  /** As in metrics and in error messages. */
  get name(): string {
    return this.#parts.dependency.name;
  }

  /**
   * Calls a tool. Attempts are repeated only if it is `readOnly` or the arguments have an `idempotency_key`.
   *
   * @throws RemoteRefusal if the server said no
   * @throws RemoteUnavailable if it certainly was not done
   * @throws RemoteOutcomeUnknown if it may have been done; RemoteContractBroken is the one that will not change
   */
  async call<Output extends object = Record<string, unknown>>(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    options: RemoteCallOptions<Output>,
  ): Promise<RemoteAnswer<Output>> {
    const { tracing, url } = this.#parts;
    const remote = { server: this.name, tool };
    return inClientSpan(tracing.tracer, remote, url, options.trace, async (trace) => {
      const { output, replayed } = await this.#attempts(remote, args, options, trace);
      return { output: checked(output, options.output, remote), replayed };
    });
  }

  async #attempts<Output extends object>(
    remote: RemoteTool,
    args: Readonly<Record<string, unknown>>,
    { tenant, signal, deadline, readOnly = false }: RemoteCallOptions<Output>,
    trace: TraceContext,
  ): Promise<ToolAnswer> {
    const { dependency, posts, url, client, maxAnswerBytes } = this.#parts;
    const request = { url, client, tool: remote.tool, args, trace };
    const exchanges: Exchange[] = [];
    try {
      return await dependency.run(
        ({ signal }) => {
          const exchange = new Exchange(maxAnswerBytes);
          exchanges.push(exchange);
          return attempt(remote, exchange, () =>
            requestTool(request, (post) => posts.send(post, tenant, exchange), signal),
          );
        },
        {
          within: { signal, deadline },
          idempotent: readOnly || typeof args['idempotency_key'] === 'string',
        },
      );
    } catch (error) {
      throw meaningOf(error, remote, !readOnly && exchanges.some(({ mayHaveRun }) => mayHaveRun));
    }
  }
}

function meaningOf(error: unknown, remote: RemoteTool, mayHaveRun: boolean): unknown {
  if (!(error instanceof GantryError) || error instanceof RemoteContractBroken) return error;
  const failed = error instanceof AttemptFailed ? error : undefined;
  const refusal = failed?.refusal;
  // Had an earlier attempt been carried out, the server would now have said so for the same key.
  const isDecided = refusal?.category === 'business_error' && !refusal.retryable;
  if (refusal !== undefined && (isDecided || !mayHaveRun)) {
    return new RemoteRefusal(remote, refusal, failed?.cause);
  }
  const cause = failed?.cause ?? error;
  const { retryAfterSeconds } = error;
  if (mayHaveRun) return new RemoteOutcomeUnknown(remote, { retryAfterSeconds, cause });
  return new RemoteUnavailable(remote, {
    misconfigured: failed?.retryable === false,
    retryAfterSeconds,
    cause,
  });
}

function checked<Output extends object>(
  output: ToolAnswer['output'],
  schema: z.ZodType<Output> | undefined,
  remote: RemoteTool,
): Output {
  if (schema === undefined) return output as Output;
  const { data, error } = schema.safeParse(output);
  if (error) throw new RemoteContractBroken(remote, z.prettifyError(error));
  return data;
}

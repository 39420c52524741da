import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';

type Handler = (request: never, ctx: ServerContext) => unknown;
type StoredHandler = Parameters<Server['_wrapHandler']>[1];

/** A caller's own words must not come back at length. */
const MAX_MESSAGE_LENGTH = 300;

/**
 * The SDK's server but for one thing: whatever is thrown, by a handler or because parameters are not as the method wants
 * them, it answers with -32603 and the raw message. Here wrong parameters are -32602, and what a handler throws that is no
 * answer of its own stays with the service.
 */
class GuardedServer extends Server {
  /** Told what a handler has thrown. */
  onHandlerError: ((error: unknown) => void) | undefined;

  override setRequestHandler(...args: never[]): void {
    const handler = args.pop() as unknown as Handler;
    const guarded: Handler = async (request, ctx) => {
      try {
        return await handler(request, ctx);
      } catch (error) {
        if (error instanceof ProtocolError) throw error;
        this.onHandlerError?.(error);
        throw new ProtocolError(
          ProtocolErrorCode.InternalError,
          'The service failed to handle this request.',
        );
      }
    };
    super.setRequestHandler(...([...args, guarded] as unknown as Parameters<Server['setRequestHandler']>));
  }

  protected override _wrapHandler(method: string, stored: StoredHandler): StoredHandler {
    return super._wrapHandler(method, async (request, ctx) => {
      try {
        return await stored(request, ctx);
      } catch (error) {
        if (error instanceof ProtocolError) throw error;
        // The handler throws nothing else, so it has not been reached.
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `Invalid params for ${method}: ${whatIsWrong(error)}`,
        );
      }
    });
  }
}

/**
 * A server of the SDK that answers wrong parameters with -32602, and keeps to itself what a handler failed of.
 *
 * @param onHandlerError - told what a handler has thrown that is no answer
 */
export function guardedServer(
  onHandlerError: (error: unknown) => void,
  ...[info, options]: ConstructorParameters<typeof Server>
): Server {
  const server = new GuardedServer(info, options);
  server.onHandlerError = onHandlerError;
  return server;
}

const issues = z
  .array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
  .min(1);

/** The SDK throws zod's issues as the JSON of a message. */
function whatIsWrong(error: unknown): string {
  try {
    const [first] = issues.parse(JSON.parse((error as Error).message));
    return `${first!.path.join('.')}: ${first!.message}`.slice(0, MAX_MESSAGE_LENGTH);
  } catch {
    return 'they are not what the method takes';
  }
}

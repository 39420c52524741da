import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { Prompts } from '../catalogue/prompts.ts';
import type { CallRequest } from '../catalogue/running-call.ts';
import { refuseCursor } from './lists.ts';
import { invalidParams, protocolError } from './protocol-error.ts';

/** Serves `prompts/list` and `prompts/get`. */
export function servePrompts(
  server: Server,
  prompts: Prompts,
  requestOf: (ctx: ServerContext) => CallRequest,
): void {
  server.setRequestHandler('prompts/list', ({ params }, ctx) => {
    refuseCursor(params);
    return { prompts: [...prompts.for(requestOf(ctx).principal)] };
  });
  server.setRequestHandler('prompts/get', async ({ params }, ctx) => {
    const unknown = () => invalidParams('Unknown prompt', params.name);
    const outcome = await prompts.render(params.name, params.arguments, requestOf(ctx));
    if (!outcome) throw unknown();
    if (outcome.ok) return { messages: outcome.output.messages };
    // The prompt exists, whatever it did not find; what one may not use does not.
    throw outcome.error.code === 'permission_denied' ? unknown() : protocolError(outcome.error);
  });
}

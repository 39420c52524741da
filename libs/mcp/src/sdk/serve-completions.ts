import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CallRequest } from '../catalogue/running-call.ts';
import { invalidParams, protocolError } from './protocol-error.ts';

/** Serves `completion/complete` for the variables of resource templates and the arguments of prompts. */
export function serveCompletions(
  server: Server,
  { resources, prompts }: Catalogue,
  requestOf: (ctx: ServerContext) => CallRequest,
): void {
  server.setRequestHandler('completion/complete', async ({ params }, ctx) => {
    const { ref, argument, context } = params;
    const asked = { name: argument.name, prefix: argument.value, chosen: context?.arguments ?? {} };
    const [outcome, subject] =
      ref.type === 'ref/prompt'
        ? [await prompts.complete(ref.name, asked, requestOf(ctx)), ref.name]
        : [await resources.complete(ref.uri, asked, requestOf(ctx)), ref.uri];
    const unknown = () => invalidParams('Nothing to complete', subject);
    if (!outcome) throw unknown();
    if (!outcome.ok) throw protocolError(outcome.error, unknown);
    return { completion: outcome.output };
  });
}

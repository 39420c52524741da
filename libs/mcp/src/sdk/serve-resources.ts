import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { Resources } from '../catalogue/resources.ts';
import type { CallRequest } from '../catalogue/running-call.ts';
import { LIST_TTL_MS, refuseCursor } from './lists.ts';
import { protocolError, resourceNotFound } from './protocol-error.ts';

/** Serves `resources/list`, `resources/templates/list` and `resources/read`. */
export function serveResources(
  server: Server,
  resources: Resources,
  requestOf: (ctx: ServerContext) => CallRequest,
): void {
  server.setRequestHandler('resources/list', async ({ params }, ctx) => {
    refuseCursor(params);
    const outcome = await resources.list(requestOf(ctx));
    if (!outcome.ok) throw protocolError(outcome.error, () => resourceNotFound(''));
    return {
      resources: outcome.output,
      ttlMs: Math.min(LIST_TTL_MS, resources.listTtlMs),
      cacheScope: 'private' as const,
    };
  });
  server.setRequestHandler('resources/templates/list', ({ params }, ctx) => {
    refuseCursor(params);
    return { resourceTemplates: [...resources.templatesFor(requestOf(ctx).principal)] };
  });
  server.setRequestHandler('resources/read', async ({ params: { uri } }, ctx) => {
    const notFound = () => resourceNotFound(uri);
    const found = await resources.read(uri, requestOf(ctx));
    if (!found) throw notFound();
    const { outcome, mimeType, ttlMs } = found;
    if (!outcome.ok) throw protocolError(outcome.error, notFound);
    return {
      contents: [{ uri, mimeType, text: outcome.output.text }],
      ttlMs,
      cacheScope: 'private' as const,
    };
  });
}

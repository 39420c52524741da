import type { ServerCapabilities } from '@modelcontextprotocol/server';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Era } from './tool-result.ts';

/**
 * What the server says it can do: exactly what is there. Nothing tells clients of earlier revisions of changes, for
 * they are served without a session. Tools and prompts change with a new version of the service only.
 */
export function capabilitiesOf({ resources, prompts }: Catalogue, era: Era): ServerCapabilities {
  return {
    tools: {},
    resources:
      era === 'modern' ? { subscribe: true, ...(resources.listVaries && { listChanged: true }) } : {},
    ...(prompts.contracts.length > 0 && { prompts: {} }),
    ...((resources.hasCompletion || prompts.hasCompletion) && { completions: {} }),
  };
}

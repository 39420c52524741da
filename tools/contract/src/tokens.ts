import { countTokens } from 'gpt-tokenizer';
import type { ToolSnapshot } from './snapshot.ts';

/** What a model pays, in tokens, for knowing these tools: `tools/list` as it is on the wire. */
export function tokensOf(tools: readonly ToolSnapshot[]): number {
  return countTokens(JSON.stringify({ tools: tools.map(listed) }));
}

function listed({ name, title, description, inputSchema, outputSchema, annotations, _meta }: ToolSnapshot) {
  return { name, title, description, inputSchema, outputSchema, annotations, _meta };
}

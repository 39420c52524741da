import { randomBytes } from 'node:crypto';
import { defineTool, type ToolCall } from '@gantry/pipeline';
import { z } from 'zod';

/** A key as an operator would make one. */
export function randomKey(): string {
  return randomBytes(32).toString('hex');
}

/** A call of a list tool; of a call, pages look at nothing but tool and principal. */
export function callOf({
  tool = 'list_orders',
  tenant = 'acme',
  subject = 'alice',
  client = 'agent',
} = {}): ToolCall {
  const contract = defineTool({
    name: tool,
    title: 'List',
    description: 'Lists.',
    input: z.object({}),
    output: z.object({}),
    scopes: [],
    effect: 'read',
  });
  return {
    tool: contract,
    principal: { tenant, subject, client, scopes: new Set() },
  } as Partial<ToolCall> as ToolCall;
}

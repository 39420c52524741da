import { randomBytes } from 'node:crypto';
import type { ToolCall } from '@gantry/pipeline';
import { testCall, testTool } from '@gantry/testing';

/** A key as an operator would make one. */
export function randomKey(): string {
  return randomBytes(32).toString('hex');
}

/** A call of a list tool. */
export function callOf({
  tool = 'list_orders',
  tenant = 'acme',
  subject = 'alice',
  client = 'agent',
} = {}): ToolCall {
  return testCall({ tool: testTool({ name: tool }), principal: { tenant, subject, client } });
}

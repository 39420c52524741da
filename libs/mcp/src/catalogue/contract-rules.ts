import type { ToolContract } from '@gantry/pipeline';
import { z } from 'zod';
import { operationFindings } from '../tasks/operation.ts';

/** More tools than this confuse a model more than they help it. */
export const MAX_TOOLS = 16;

const TOOL_NAME = /^[a-z]+(?:_[a-z0-9]+)+$/;

interface SchemaNode {
  type?: string | string[];
  description?: string;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  maxLength?: number;
  maxItems?: number;
  maximum?: number;
}

/**
 * The mechanical part of a good contract. Each service's tests assert that its tools have no findings.
 *
 * @returns one sentence per violation; empty if the contract keeps the rules
 */
export function contractFindings(tool: ToolContract): string[] {
  const findings: string[] = [];
  if (!TOOL_NAME.test(tool.name)) findings.push('name is not verb_noun in snake_case');
  if (tool.version !== undefined && !(Number.isInteger(tool.version) && tool.version >= 1))
    findings.push('version is not a whole number, 1 for the first');
  if (tool.description.length < 80)
    findings.push('description is too short to tell when to use the tool and when not');
  if (!tool.description.includes(`${tool.limits.callsPerMinute} calls a minute`)) {
    findings.push(`description does not state the limit of ${tool.limits.callsPerMinute} calls a minute`);
  }
  for (const code of tool.errors) {
    if (!tool.description.includes(code)) findings.push(`description does not say what to do on ${code}`);
  }
  if (tool.input.def.catchall?._zod.def.type !== 'never') findings.push('input is not a strict object');
  const input = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  for (const [name, field] of Object.entries(input.properties ?? {})) {
    if ('x-mcp-header' in field) findings.push(`input ${name} wants a header, which nobody compares with it`);
    if (!field.description) findings.push(`input ${name} has no description`);
    findings.push(...unboundedParts(name, field));
  }
  findings.push(...operationFindings(tool));
  return findings;
}

function unboundedParts(path: string, node: SchemaNode): string[] {
  const findings: string[] = [];
  const types = [node.type].flat();
  const bounded = node.enum !== undefined || node.const !== undefined;
  if (types.includes('string') && !bounded && node.maxLength === undefined && node.pattern === undefined) {
    findings.push(`input ${path} has no maximum length`);
  }
  if ((types.includes('number') || types.includes('integer')) && !bounded && node.maximum === undefined) {
    findings.push(`input ${path} has no maximum`);
  }
  if (types.includes('array') && node.maxItems === undefined)
    findings.push(`input ${path} has no maximum of items`);
  if (node.items) findings.push(...unboundedParts(`${path}[]`, node.items));
  for (const option of node.anyOf ?? []) findings.push(...unboundedParts(path, option));
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    findings.push(...unboundedParts(`${path}.${name}`, child));
  }
  return findings;
}

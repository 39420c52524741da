import { isDeepStrictEqual } from 'node:util';
import type { Asked } from '../wire/input.ts';
import { envelopeFaults } from './envelope.ts';
import { envelopeOf } from './rpc.ts';

/** What a service says that its tools answer. */
export interface ToolPromise {
  readonly name: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Codes beside the shared ones. */
  readonly errors: readonly string[];
  /** What does not fit the output schema. */
  readonly misfit: (output: unknown) => string | undefined;
}

/** By name. */
export type ToolPromises = ReadonlyMap<string, ToolPromise>;

type Result = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown, is: (item: Result) => boolean): boolean =>
  Array.isArray(value) &&
  value.every((item) => typeof item === 'object' && item !== null && is(item as Result));

/** What a result of a method must be, beside those of tools. */
const SHAPES: Readonly<Record<string, (result: Result) => boolean>> = {
  'server/discover': (result) => Array.isArray(result['supportedVersions']),
  initialize: (result) => isText(result['protocolVersion']),
  'tools/list': (result) => isList(result['tools'], (tool) => isText(tool['name'])),
  'resources/list': (result) => isList(result['resources'], (one) => isText(one['uri'])),
  'resources/templates/list': (result) =>
    isList(result['resourceTemplates'], (one) => isText(one['uriTemplate'])),
  'resources/read': (result) =>
    isList(result['contents'], (content) => isText(content['uri']) && isText(content['text'])),
  'prompts/list': (result) => isList(result['prompts'], (prompt) => isText(prompt['name'])),
  'prompts/get': (result) => isList(result['messages'], (message) => isText(message['role'])),
  'completion/complete': ({ completion }) => {
    const values = (completion as Result | undefined)?.['values'];
    return Array.isArray(values) && values.length <= 100 && values.every(isText);
  },
  'tasks/get': (result) => isText(result['taskId']) && isText(result['status']),
};

/** What is wrong with a result, as the answer to what was asked. */
export function resultFaults(result: Result, asked: Asked | undefined, tools: ToolPromises): string[] {
  if (typeof result !== 'object' || result === null) return ['the result is no object'];
  // What was sent could not be read; there was nothing to answer.
  if (!asked) return [];
  if (asked.era === 'modern' && !isText(result['resultType'])) return ['the result has no resultType'];
  if (asked.method === 'tools/call') return toolResultFaults(result, asked, tools);
  return SHAPES[asked.method]?.(result) === false ? [`this is no result of ${asked.method}`] : [];
}

function toolResultFaults(result: Result, { name = '', era }: Asked, tools: ToolPromises): string[] {
  const tool = tools.get(name);
  if (!tool) return [`there is no tool ${JSON.stringify(name)}, and it has a result`];
  if (result['resultType'] === 'input_required') {
    const { inputRequests, requestState } = result;
    return typeof inputRequests === 'object' && isText(requestState)
      ? []
      : ['nothing is asked by input_required'];
  }
  if (result['resultType'] === 'task') return isText(result['taskId']) ? [] : ['the task has no id'];
  const text = textOf(result);
  if (result['isError'] === true) {
    const envelope = envelopeOf(result);
    const hasBoth = era === 'modern' || result['structuredContent'] === undefined;
    return [
      ...envelopeFaults(envelope, tool.errors),
      ...(isDeepStrictEqual(text, envelope) ? [] : ['the text is not the envelope']),
      ...(hasBoth ? [] : ['a client of 2025-11-25 would take the envelope for output']),
    ];
  }
  const output = result['structuredContent'];
  const misfit = tool.misfit(output);
  return [
    ...(misfit === undefined ? [] : [`the output does not fit its schema: ${misfit}`]),
    ...(isDeepStrictEqual(text, output) ? [] : ['the text is not the output']),
  ];
}

/** What the text of a result says, which is JSON. */
function textOf(result: Result): unknown {
  const [content] = (result['content'] ?? []) as { text?: string }[];
  try {
    return JSON.parse(content?.text ?? '');
  } catch {
    return undefined;
  }
}

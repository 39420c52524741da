import { randomUUID } from 'node:crypto';
import {
  cannotAsk,
  defineTool,
  type Principal,
  type RequestMeta,
  type RunningCall,
  type ToolContract,
  type ToolContractInput,
} from '@gantry/pipeline';
import { z } from 'zod';
import { MODERN_PROTOCOL_VERSION } from './mcp-client.ts';

/** What a test says of a tool; the rest is as with any other. */
export type TestTool = Partial<ToolContractInput<z.ZodObject, z.ZodObject>>;

/** What a test says of a call; the rest is as with any other. */
export interface TestCall extends Partial<Omit<RunningCall, 'principal' | 'meta'>> {
  readonly principal?: Partial<Principal>;
  readonly meta?: Partial<RequestMeta>;
}

/** A tool that reads, takes nothing and needs no scopes, unless told otherwise. */
export function testTool(different: TestTool = {}): ToolContract {
  const { name = 'get_order' } = different;
  return defineTool({
    name,
    title: name,
    description: name,
    input: z.object({}),
    output: z.object({}),
    scopes: [],
    effect: 'read',
    ...different,
  });
}

/** A call in the pipeline: of a tool without arguments by an agent of the tenant `acme`, unless told otherwise. */
export function testCall({ tool = testTool(), principal, meta, ...different }: TestCall = {}): RunningCall {
  return {
    requestId: `req_${randomUUID()}`,
    tool,
    principal: { tenant: 'acme', subject: 'alice', client: 'agent', scopes: new Set(), ...principal },
    meta: { transport: 'http', protocolVersion: MODERN_PROTOCOL_VERSION, ...meta },
    signal: new AbortController().signal,
    deadline: Infinity,
    arguments: {},
    input: {},
    idempotencyKey: undefined,
    resultMeta: {},
    reportProgress: () => {},
    ...cannotAsk,
    ...different,
  };
}

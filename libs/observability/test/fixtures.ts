import { cannotAsk, defineTool, type Next, type RunningCall, type ToolContract } from '@gantry/pipeline';
import { z } from 'zod';
import { Log, type LogOptions } from '../src/log.ts';

/** A log whose lines can be read back. */
export function recordingLog(options: LogOptions = {}): { log: Log; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = Log.create({ ...options, destination: { write: (line) => void written.push(line) } });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

export const tool: ToolContract = defineTool({
  name: 'get_order',
  title: 'Get an order',
  description: 'An order by id.',
  input: z.object({}),
  output: z.object({}),
  scopes: ['orders:read'],
  effect: 'read',
});

export function callOf(overrides: Partial<RunningCall> = {}): RunningCall {
  return {
    requestId: 'req_01k0000000000000000000000a',
    tool,
    principal: { tenant: 'acme', subject: 'user-7', client: 'agent-1', scopes: new Set(['orders:read']) },
    meta: { transport: 'http', protocolVersion: '2026-07-28' },
    signal: new AbortController().signal,
    deadline: Infinity,
    idempotencyKey: undefined,
    reportProgress: () => {},
    ...cannotAsk,
    arguments: {},
    input: {},
    resultMeta: {},
    ...overrides,
  };
}

export const succeed: Next = async () => ({ ok: true, output: {} });

import type { ErrorEnvelope } from '@gantry/errors';
import { connectModern, type McpClient } from '@gantry/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToolReply } from './raw-call.ts';

/** After so many repetitions a service is not slow but broken. */
const MAX_REPETITIONS = 20;

/** An MCP client that does as errors tell it: what may be repeated is repeated, with the same key. */
export class PatientClient {
  /** How often tools were called, repetitions included. */
  calls = 0;
  /** Why calls were repeated. */
  readonly repeated: string[] = [];

  private constructor(private readonly client: McpClient) {}

  static async connect(url: string, token: string): Promise<PatientClient> {
    return new PatientClient(await connectModern(url, token));
  }

  /** @throws Error if the tool refuses for good */
  async call(name: string, args: Record<string, unknown>): Promise<ToolReply['output']> {
    for (let repetition = 0; ; repetition += 1) {
      this.calls += 1;
      const { isError, structuredContent } = await this.client.callTool(name, args);
      if (!isError) return structuredContent!;
      const error = structuredContent as unknown as ErrorEnvelope;
      if (!error.retryable || repetition === MAX_REPETITIONS)
        throw new Error(`${name} ${JSON.stringify(args)}: ${JSON.stringify(error)}`);
      this.repeated.push(error.code);
      await sleep((error.retry_after_seconds ?? 1) * 1_000);
    }
  }

  /** The items of all pages of a list. */
  async all(name: string, args: Record<string, unknown>): Promise<ToolReply['output'][]> {
    const items: ToolReply['output'][] = [];
    for (let page = { limit: 100 } as Record<string, unknown>; ;) {
      const { items: more, next_cursor: cursor } = await this.call(name, { ...args, ...page });
      items.push(...(more as ToolReply['output'][]));
      if (!cursor) return items;
      page = { limit: 100, cursor };
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

import { sharedError, type GantryError } from '@gantry/errors';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A call as it arrived. */
export interface AskedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a tool answers: its output, its refusal, or nothing because the connection breaks. */
export type ScriptedAnswer = object | GantryError | 'reset';

/** Another MCP server that says what a test tells it to. */
export interface ScriptedServer {
  readonly url: string;
  readonly asked: AskedCall[];
  /** What to answer to the next calls, one after the other; the last one stays. */
  answers(...answers: ScriptedAnswer[]): void;
  close(): Promise<void>;
}

/** Starts one. It answers nothing but `dependency_unavailable` until it is told. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const asked: AskedCall[] = [];
  let script: ScriptedAnswer[] = [sharedError('dependency_unavailable', 'Not told yet.')];
  const server = createServer(async (request, response) => {
    const { id, params } = (await json(request)) as {
      id: number;
      params: { name: string; arguments: Record<string, unknown> };
    };
    asked.push({ tool: params.name, args: params.arguments });
    const answer = script.length > 1 ? script.shift()! : script[0]!;
    if (answer === 'reset') return void request.socket.destroy();
    const isError = answer instanceof Error;
    const structuredContent = isError ? answer.toEnvelope() : answer;
    const result = { resultType: 'complete', content: [], structuredContent, isError };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    asked,
    answers(...answers) {
      asked.length = 0;
      script = answers;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

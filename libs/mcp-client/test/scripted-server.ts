import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it arrived. */
export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly message: {
    readonly id: number;
    readonly method: string;
    readonly params: {
      readonly name: string;
      readonly arguments: Record<string, unknown>;
      readonly _meta: Record<string, unknown>;
    };
  };
  /** Resolves when the client has gone away, or has its answer. */
  readonly closed: Promise<unknown>;
}

/** What the server does with one request. */
export type Reply = (response: ServerResponse, asked: Asked) => void;

/** An MCP server of 2026-07-28 over plain HTTP that does what a test tells it to. */
export interface ScriptedServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Connections that were ever opened. */
  readonly connections: number;
  /** What to do with the next requests, one after the other; the last one stays. */
  answers(...replies: Reply[]): void;
  close(): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  let script: Reply[] = [done({})];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const { method = '', headers } = request;
    const message = JSON.parse(await text(request)) as Asked['message'];
    const arrived: Asked = { method, headers, message, closed: once(response, 'close') };
    asked.push(arrived);
    const reply = script.length > 1 ? script.shift()! : script[0]!;
    reply(response, arrived);
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    asked,
    get connections() {
      return connections;
    },
    answers: (...replies) => void (script = replies),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers with a result as it is given. */
export function result(members: Record<string, unknown>): Reply {
  return (response, { message }) =>
    json(response, { jsonrpc: '2.0', id: message.id, result: { resultType: 'complete', ...members } });
}

/** The tool was carried out. */
export function done(output: unknown, meta?: Record<string, unknown>): Reply {
  return result({
    content: [{ type: 'text', text: JSON.stringify(output) }],
    structuredContent: output,
    ...(meta && { _meta: meta }),
  });
}

/** The tool said no, with this envelope. */
export function refusal(envelope: Record<string, unknown>): Reply {
  const structuredContent = {
    error: 'A text that nobody else may read.',
    category: 'business_error',
    retryable: false,
    hint: 'A hint for somebody else.',
    error_id: 'err_01k0000000000000000000000a',
    ...envelope,
  };
  return result({
    content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
    structuredContent,
    isError: true,
  });
}

/** A JSON-RPC error. */
export function protocolError(code: number, httpStatus = 200): Reply {
  return (response, { message }) =>
    json(response, { jsonrpc: '2.0', id: message.id, error: { code, message: 'No.' } }, httpStatus);
}

/** An HTTP status without a body. */
export function status(code: number, headers: Record<string, string> = {}): Reply {
  return (response) => void response.writeHead(code, headers).end();
}

/** Any body. */
export function body(contentType: string, content: string): Reply {
  return (response) => void response.writeHead(200, { 'content-type': contentType }).end(content);
}

/** Takes the request and breaks the connection. */
export const cut: Reply = (response) => void response.destroy();

/** Takes the request and is silent. */
export const silent: Reply = () => {};

function json(response: ServerResponse, value: unknown, httpStatus = 200): void {
  response.writeHead(httpStatus, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

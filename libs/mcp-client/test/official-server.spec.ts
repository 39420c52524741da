import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, ProtocolError, Server } from '@modelcontextprotocol/server';
import { RemoteRefusal, RemoteUnavailable } from '../src/index.ts';
import { failureOf, startCallingService, type CallingService } from './calling-service.ts';

let http: HttpServer;
let service: CallingService;
beforeEach(async () => {
  const serve = toNodeHandler(createMcpHandler(() => aServer()));
  http = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(http, 'listening');
  service = await startCallingService(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
});
afterEach(async () => {
  await service.close();
  http.close();
  http.closeAllConnections();
});

/** It checks headers, envelope and revision of every request as strictly as the specification has it. */
function aServer(): Server {
  const server = new Server({ name: 'payments', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/call', ({ params }, { mcpReq }) => {
    const { name, arguments: args } = params;
    if (name === 'echo') {
      const { traceparent } = mcpReq._meta ?? {};
      return { content: [], structuredContent: { ...args, traceparent }, _meta: { idempotent_replay: true } };
    }
    if (name === 'refuse') {
      const refusal = { code: 'card_declined', category: 'business_error', retryable: false };
      return { content: [], structuredContent: refusal, isError: true };
    }
    throw new ProtocolError(-32602, `Unknown tool: ${name}`);
  });
  return server;
}

describe('a server on the official SDK', () => {
  it('is called without a handshake', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const text = 'ü \u{1f600} \n "';
    const answer = await service.payments.call('echo', { text }, { tenant: 'acme', trace: { traceparent } });
    expect(answer).toEqual({ output: { text, traceparent }, replayed: true });
  });

  it('refuses', async () => {
    const error = await failureOf(service.payments.call('refuse', {}, { tenant: 'acme' }), RemoteRefusal);
    expect(error.refusal.code).toBe('card_declined');
  });

  it('has no such tool', async () => {
    const error = await failureOf(
      service.payments.call('ünknown', {}, { tenant: 'acme' }),
      RemoteUnavailable,
    );
    expect(error.misconfigured).toBe(true);
    expect(error.cause.message).toContain('Unknown tool: ünknown');
  });
});

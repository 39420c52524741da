import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { RemoteContractBroken } from '../src/index.ts';
import { failureOf, startCallingService, type CallingService } from './calling-service.ts';
import { done, result, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
let service: CallingService;
beforeEach(async () => {
  server = await startScriptedServer();
  service = await startCallingService(server.url);
});
afterEach(async () => {
  await service.close();
  await server.close();
});

const call = (options = {}) =>
  service.payments.call('get_payment', { payment_id: 'pay_1' }, { tenant: 'acme', ...options });

describe('a call', () => {
  it('is one request of 2026-07-28 and nothing else', async () => {
    server.answers(done({ status: 'captured' }));
    expect(await call()).toEqual({ output: { status: 'captured' }, replayed: false });
    expect(server.asked).toHaveLength(1);
    const [{ method, headers, message }] = server.asked as [(typeof server.asked)[0]];
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'get_payment',
    });
    expect(headers).not.toHaveProperty('mcp-session-id');
    expect(message).toMatchObject({
      method: 'tools/call',
      params: {
        name: 'get_payment',
        arguments: { payment_id: 'pay_1' },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'orders', version: '1.2.3' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
  });

  it('tells whether the answer is one of before', async () => {
    server.answers(done({ status: 'captured' }, { idempotent_replay: true }));
    expect(await call()).toMatchObject({ replayed: true });
  });

  it('uses one connection for one call after the other', async () => {
    for (let index = 0; index < 5; index += 1) await call();
    expect(server.connections).toBe(1);
  });

  it('gets its own answer, however many are under way', async () => {
    server.answers((response, asked) => {
      const { payment_id: id } = asked.message.params.arguments;
      setTimeout(() => done({ id })(response, asked), Math.random() * 20);
    });
    const ids = Array.from({ length: 40 }, (_, index) => `pay_${index}`);
    const answers = await Promise.all(
      ids.map((id) => service.payments.call('get_payment', { payment_id: id }, { tenant: 'acme' })),
    );
    expect(answers.map(({ output }) => output['id'])).toEqual(ids);
  });

  it('takes an answer out of an event stream, which the server may leave open', async () => {
    server.answers((response, { message }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': a comment\n\n');
      const progress = { progressToken: 1, progress: 1 };
      const events = [
        { jsonrpc: '2.0', method: 'notifications/progress', params: progress },
        {
          jsonrpc: '2.0',
          id: message.id,
          result: { resultType: 'complete', content: [], structuredContent: { status: 'captured' } },
        },
      ];
      for (const event of events) response.write(`event: message\ndata: ${JSON.stringify(event)}\n\n`);
    });
    expect(await call()).toMatchObject({ output: { status: 'captured' } });
    await server.asked[0]!.closed;
  });

  it('survives that it stops reading a stream of which everything has arrived', async () => {
    server.answers((response, { message }) => {
      const structuredContent = { padding: 'x'.repeat(Math.random() * 300_000) };
      const result = { resultType: 'complete', content: [], structuredContent };
      const event = JSON.stringify({ jsonrpc: '2.0', id: message.id, result });
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${event}\n\n`);
    });
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => call()));
      expect(answers.every(({ output }) => 'padding' in output)).toBe(true);
    }
  });

  it('gives the part of the output that its schema names', async () => {
    server.answers(done({ status: 'captured', captured_at: '2026-11-21T00:00:00Z', added_later: 1 }));
    const output = z.object({
      status: z.enum(['captured']),
      captured_at: z.iso.datetime().transform((text) => new Date(text)),
    });
    const answer = await call({ output });
    expect(answer.output).toEqual({ status: 'captured', captured_at: new Date('2026-11-21T00:00:00Z') });
  });

  it('throws our own mistakes as they are', async () => {
    const args = { amount: 1n } as unknown as Record<string, unknown>;
    await expect(service.payments.call('pay', args, { tenant: 'acme', readOnly: true })).rejects.toThrow(
      TypeError,
    );
    expect(server.asked).toHaveLength(0);
  });
});

describe('an answer that the contract does not allow', () => {
  it.each([
    ['output that does not fit', done({ status: 1 }), /status/],
    ['no structured content', result({ content: [] }), /no structured content/],
    ['a list', done([1]), /no structured content/],
    ['an error without an envelope', result({ content: [], isError: true }), /no envelope/],
    ['a question', result({ resultType: 'input_required', requestState: 'x' }), /cannot be read/],
    ['a task', result({ resultType: 'task', task: { taskId: 'x' } }), /cannot be read/],
    ['a result that is none', result({ content: 7 }), /cannot be read/],
  ])('is an error that names the server: %s', async (_what, reply, reason) => {
    server.answers(reply);
    const output = z.object({ status: z.string() });
    const error = await failureOf(call({ output, readOnly: true }), RemoteContractBroken);
    expect(error.remote).toEqual({ server: 'payments', tool: 'get_payment' });
    expect(error.cause.message).toMatch(/^payments broke the contract of get_payment: /);
    expect(error.cause.message).toMatch(reason);
    expect(error.toEnvelope()).toMatchObject({
      error: 'payments gave an answer that cannot be used.',
      code: 'internal_error',
      retryable: false,
    });
    expect(server.asked).toHaveLength(1);
  });
});

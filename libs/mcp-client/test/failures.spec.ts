import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '@gantry/testing';
import {
  RemoteContractBroken,
  RemoteOutcomeUnknown,
  RemoteRefusal,
  RemoteUnavailable,
  type RemoteCallOptions,
} from '../src/index.ts';
import { failureOf, startCallingService, type CallingService } from './calling-service.ts';
import {
  body,
  cut,
  done,
  protocolError,
  refusal,
  silent,
  startScriptedServer,
  status,
  type Asked,
  type Reply,
  type ScriptedServer,
} from './scripted-server.ts';

let server: ScriptedServer;
let proxy: TcpProxy;
let service: CallingService;
beforeEach(async () => {
  server = await startScriptedServer();
  proxy = await startTcpProxy(server.url);
  service = await startCallingService(proxy.through(server.url), {
    env: { MCP_REMOTE_PAYMENTS_MAX_ANSWER_BYTES: '65536' },
  });
});
afterEach(async () => {
  await service.close();
  await proxy.close();
  await server.close();
});

/** A write without a key: nothing is repeated, so every answer is the first. */
const pay = (options: Partial<RemoteCallOptions> = {}) =>
  service.payments.call('process_payment', { amount: 100 }, { tenant: 'acme', ...options });
const read = (options: Partial<RemoteCallOptions> = {}) =>
  service.payments.call('get_payment', {}, { tenant: 'acme', readOnly: true, ...options });

describe('a refusal', () => {
  it('is what the server decided, without its words', async () => {
    const details = { decline_code: 'lost_card' };
    server.answers(refusal({ code: 'card_declined', details, retry_after_seconds: 3 }));
    const error = await failureOf(pay(), RemoteRefusal);
    expect(error.refusal).toEqual({
      code: 'card_declined',
      category: 'business_error',
      retryable: false,
      retryAfterSeconds: 3,
      errorId: 'err_01k0000000000000000000000a',
      details,
    });
    expect(error.remote).toEqual({ server: 'payments', tool: 'process_payment' });
    expect(error.cause.message).toBe('It answered card_declined (err_01k0000000000000000000000a).');
  });

  it('that nobody handles says nothing of it to our caller, and is not kept for ever', async () => {
    server.answers(refusal({ code: 'card_declined' }));
    const error = await failureOf(pay(), RemoteRefusal);
    expect(error.toEnvelope()).toEqual({
      error: 'payments refused what this call needs.',
      code: 'internal_error',
      category: 'server_error',
      retryable: false,
      hint: expect.any(String),
      error_id: error.errorId,
    });
    expect(error.isFinal).toBe(false);
  });

  it('that may pass says when to come again', async () => {
    server.answers(
      refusal({ code: 'rate_limited', category: 'client_error', retryable: true, retry_after_seconds: 7 }),
    );
    const error = await failureOf(pay(), RemoteRefusal);
    expect(error.toEnvelope()).toMatchObject({ code: 'dependency_unavailable', retry_after_seconds: 7 });
  });

  it.each([
    ['7', 7],
    [new Date(Date.now() + 30_000).toUTCString(), expect.closeTo(30, -1)],
    ['soon', undefined],
    ['9999999', 86_400],
  ])('is HTTP status 429 as well, with retry-after %s', async (header, seconds) => {
    server.answers(status(429, { 'retry-after': header }));
    const { refusal } = await failureOf(pay(), RemoteRefusal);
    expect(refusal).toEqual({
      code: 'rate_limited',
      category: 'client_error',
      retryable: true,
      retryAfterSeconds: seconds,
    });
  });
});

describe('a call that certainly was not carried out', () => {
  it('is one that found nobody to connect to', async () => {
    proxy.cut();
    await server.close();
    await service.close();
    server = await startScriptedServer();
    const gone = server.url;
    await server.close();
    service = await startCallingService(gone);
    const error = await failureOf(pay(), RemoteUnavailable);
    expect(error.misconfigured).toBe(false);
    expect(error.cause.message).toBe('The connection failed: ECONNREFUSED.');
    expect(error.toEnvelope()).toMatchObject({
      error: 'payments cannot be used at the moment; nothing was done there.',
      code: 'dependency_unavailable',
      retryable: true,
    });
    server = await startScriptedServer();
  });

  it.each([
    ['HTTP status 403', status(403)],
    ['HTTP status 404', status(404)],
    ['a redirect', status(307, { location: '/elsewhere' })],
    ['a JSON-RPC error for what is no request', protocolError(-32600, 400)],
    ['no such tool', protocolError(-32602)],
    ['another protocol revision', protocolError(-32022, 400)],
    ['headers that differ from the body', protocolError(-32020, 400)],
  ])('is one that was turned away, which nobody can mend by waiting: %s', async (_what, reply) => {
    server.answers(reply);
    const error = await failureOf(pay(), RemoteUnavailable);
    expect(error.misconfigured).toBe(true);
    expect(error.toEnvelope()).toMatchObject({ code: 'internal_error', retryable: false });
    expect(server.asked).toHaveLength(1);
  });

  it('is one whose time was up before it began, or whose caller had gone', async () => {
    await failureOf(pay({ deadline: performance.now() - 1 }), RemoteUnavailable);
    await failureOf(pay({ signal: AbortSignal.abort() }), RemoteUnavailable);
    expect(server.asked).toHaveLength(0);
  });

  it('is one that only reads, whatever became of it', async () => {
    server.answers(status(500), cut, refusal({ code: 'internal_error', category: 'server_error' }));
    await failureOf(read(), RemoteRefusal);
    server.answers(cut);
    await failureOf(read(), RemoteUnavailable);
    server.answers(silent);
    await failureOf(read({ deadline: performance.now() + 50 }), RemoteUnavailable);
  });
});

describe('a call of which nobody knows whether it was carried out', () => {
  it.each<[string, Reply]>([
    ['connection lost', cut],
    ['HTTP status 500', status(500)],
    ['HTTP status 503', status(503)],
    ['a gateway that gave up', status(408)],
    ['a JSON-RPC internal error', protocolError(-32603)],
    ['a stream that ends without an answer', body('text/event-stream', ': nothing\n\n')],
    ['an answer to something else', (response) => done({})(response, { message: { id: 77 } } as Asked)],
    ['their failure', refusal({ code: 'internal_error', category: 'server_error' })],
    ['their time was up', refusal({ code: 'timeout', category: 'server_error', retryable: true })],
    ['they gave up', refusal({ code: 'cancelled', category: 'client_error', retryable: true })],
    [
      'an earlier one is under way',
      refusal({ code: 'idempotency_in_flight', category: 'client_error', retryable: true }),
    ],
  ])('is one with this end: %s', async (_what, reply) => {
    server.answers(reply);
    const error = await failureOf(pay(), RemoteOutcomeUnknown);
    expect(error.toEnvelope()).toMatchObject({
      error: 'payments has not said whether this was done.',
      code: 'dependency_unavailable',
      retryable: true,
    });
    expect(error.isFinal).toBe(false);
    expect(server.asked).toHaveLength(1);
  });

  it('is one whose connection broke after it was sent', async () => {
    server.answers((_response, _asked) => proxy.cut());
    const error = await failureOf(pay(), RemoteOutcomeUnknown);
    expect(error.cause.message).toMatch(/^The connection failed: E/);
  });

  it('is one whose connection broke in the middle of the answer', async () => {
    server.answers((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"jsonrpc":', () => proxy.cut());
    });
    await failureOf(pay(), RemoteOutcomeUnknown);
  });

  it('is one whose time was up while the server worked, who is told by the closing of the connection', async () => {
    await pay();
    server.answers(silent);
    const before = performance.now();
    const error = await failureOf(pay({ deadline: before + 500 }), RemoteOutcomeUnknown);
    expect(error.cause).toMatchObject({ code: 'timeout' });
    // Its own limits would have ended it later.
    expect(performance.now() - before).toBeLessThan(10_000);
    await server.asked[1]!.closed;
  });

  it('is one that hangs on a connection on which nothing moves', async () => {
    server.answers(done({}));
    await pay();
    proxy.pause();
    await failureOf(pay({ deadline: performance.now() + 500 }), RemoteOutcomeUnknown);
  });

  it('is one whose caller went away', async () => {
    server.answers(silent);
    const caller = new AbortController();
    const calling = failureOf(pay({ signal: caller.signal }), RemoteOutcomeUnknown);
    while (server.asked.length === 0) await sleep(5);
    caller.abort();
    const error = await calling;
    expect(error.cause).toMatchObject({ code: 'cancelled' });
    await server.asked[0]!.closed;
  });
});

describe('an answer that is no answer', () => {
  it.each([
    ['too large', body('application/json', JSON.stringify({ padding: 'x'.repeat(70_000) })), /65536 bytes/],
    ['too large a stream', body('text/event-stream', `data: ${'x'.repeat(70_000)}\n\n`), /65536 bytes/],
    ['no JSON', body('application/json', '<html>'), /JSON/],
    ['JSON, but no JSON-RPC', body('application/json', '{}'), /invalid/i],
    ['a page', body('text/html', '<html>'), /content type/],
    ['nothing', status(204), /./],
  ])('breaks the contract: %s', async (_what, reply, reason) => {
    server.answers(reply);
    const error = await failureOf(pay(), RemoteContractBroken);
    expect(error.cause.message).toBe('payments broke the contract of process_payment: it cannot be read.');
    expect((error.cause.cause as Error).message).toMatch(reason);
    expect(error).toBeInstanceOf(RemoteOutcomeUnknown);
    expect(error.retryable).toBe(false);
  });

  it('is read no further than allowed', async () => {
    server.answers((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => void (response.destroyed || response.write('x'.repeat(10_000), more));
      more();
    });
    await failureOf(pay(), RemoteContractBroken);
    await server.asked[0]!.closed;
  });
});

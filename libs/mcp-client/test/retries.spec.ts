import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '@gantry/testing';
import type { DependencyOptions } from '@gantry/resilience';
import {
  RemoteOutcomeUnknown,
  RemoteRefusal,
  RemoteUnavailable,
  type RemoteCallOptions,
} from '../src/index.ts';
import { failureOf, startCallingService, type CallingService } from './calling-service.ts';
import {
  cut,
  done,
  protocolError,
  refusal,
  silent,
  startScriptedServer,
  status,
  type Reply,
  type ScriptedServer,
} from './scripted-server.ts';

let server: ScriptedServer;
let proxy: TcpProxy;
let service: CallingService;
beforeEach(async () => {
  server = await startScriptedServer();
  proxy = await startTcpProxy(server.url);
});
afterEach(async () => {
  await service.close();
  await proxy.close();
  await server.close();
});

async function start(resilience: DependencyOptions = {}, env: Record<string, string> = {}): Promise<void> {
  service = await startCallingService(proxy.through(server.url), { resilience, env });
}

const pay = (options: Partial<RemoteCallOptions> = {}) =>
  service.payments.call(
    'process_payment',
    { amount: 100, idempotency_key: 'order-1-attempt-1' },
    { tenant: 'acme', ...options },
  );

const captured = done({ status: 'captured' });
const limited = (seconds = 0) =>
  refusal({
    code: 'rate_limited',
    category: 'client_error',
    retryable: true,
    retry_after_seconds: seconds,
  });

describe('a call with an idempotency key', () => {
  it.each<[string, Reply]>([
    ['the connection was lost', cut],
    ['the server failed', status(502)],
    ['it was asked too often', status(429, { 'retry-after': '0' })],
    ['it said so in an envelope', limited()],
    [
      'the first one is under way',
      refusal({ code: 'idempotency_in_flight', category: 'client_error', retryable: true }),
    ],
    [
      'its provider is away',
      refusal({ code: 'dependency_unavailable', category: 'server_error', retryable: true }),
    ],
  ])('is repeated as it was when %s', async (_what, reply) => {
    await start();
    server.answers(reply, captured);
    expect(await pay()).toMatchObject({ output: { status: 'captured' } });
    expect(server.asked).toHaveLength(2);
    const [first, second] = server.asked.map(({ message }) => message.params.arguments);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ idempotency_key: 'order-1-attempt-1' });
  });

  it('is repeated when an attempt took too long, which is then ended', async () => {
    await start({}, { MCP_REMOTE_PAYMENTS_ATTEMPT_MS: '1000' });
    server.answers(silent, captured);
    expect(await pay()).toMatchObject({ output: { status: 'captured' } });
    await server.asked[0]!.closed;
  });

  it.each<[string, Reply]>([
    ['a rule', refusal({ code: 'card_declined' })],
    ['a mistake in the call', refusal({ code: 'validation_error', category: 'client_error' })],
    ['a missing right', status(403)],
    ['a tool that there is not', protocolError(-32602)],
    ['a failure that will not pass', refusal({ code: 'internal_error', category: 'server_error' })],
  ])('is not repeated after %s', async (_what, reply) => {
    await start();
    server.answers(reply, captured);
    await expect(pay()).rejects.toThrow();
    expect(server.asked).toHaveLength(1);
  });

  it('is not repeated when the server asks for more time than there is', async () => {
    await start();
    server.answers(limited(30), captured);
    const error = await failureOf(pay({ deadline: performance.now() + 5_000 }), RemoteRefusal);
    expect(error.refusal).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 30 });
    expect(server.asked).toHaveLength(1);
  });

  it('waits as long as the server asks for', async () => {
    await start();
    server.answers(limited(1), captured);
    const before = performance.now();
    await pay();
    expect(performance.now() - before).toBeGreaterThanOrEqual(990);
  });

  it('is given up after three attempts, and at the deadline', async () => {
    await start();
    server.answers(status(500));
    await failureOf(pay(), RemoteOutcomeUnknown);
    expect(server.asked).toHaveLength(3);
    server.answers(status(500), silent);
    await failureOf(pay({ deadline: performance.now() + 1_000 }), RemoteOutcomeUnknown);
    expect(server.asked).toHaveLength(5);
  });
});

describe('a call without one', () => {
  it('is repeated if it only reads', async () => {
    await start();
    server.answers(cut, captured);
    await service.payments.call('get_payment', {}, { tenant: 'acme', readOnly: true });
    expect(server.asked).toHaveLength(2);
  });

  it.each<[string, Reply]>([
    ['lost', cut],
    ['turned away', status(429, { 'retry-after': '0' })],
  ])('is not repeated otherwise: %s', async (_what, reply) => {
    await start();
    server.answers(reply, captured);
    await expect(service.payments.call('process_payment', {}, { tenant: 'acme' })).rejects.toThrow();
    expect(server.asked).toHaveLength(1);
  });
});

describe('what is known after several attempts', () => {
  it.each<[string, Reply]>([
    ['it was asked too often', limited()],
    ['rights were taken away', status(403)],
    ['the tool has gone', protocolError(-32602)],
    ['a mistake was found', refusal({ code: 'validation_error', category: 'client_error' })],
    ['the first one is under way', refusal({ code: 'idempotency_in_flight', category: 'client_error' })],
  ])('the first may have been carried out, whatever the last one met: %s', async (_what, reply) => {
    await start();
    server.answers(cut, reply);
    await failureOf(pay(), RemoteOutcomeUnknown);
  });

  it('the first may have been carried out, though nobody is there any more', async () => {
    await start();
    server.answers(() => proxy.cut());
    await failureOf(pay(), RemoteOutcomeUnknown);
  });

  it('none was carried out, if the server decides against the last one', async () => {
    await start();
    server.answers(cut, refusal({ code: 'card_declined' }));
    expect(await failureOf(pay(), RemoteRefusal)).toMatchObject({ refusal: { code: 'card_declined' } });
  });

  it('none was carried out, if all were turned away', async () => {
    await start();
    server.answers(limited());
    await failureOf(pay(), RemoteRefusal);
    expect(server.asked).toHaveLength(3);
  });
});

describe('a server that is down', () => {
  const breaker = { opensAfter: { failuresInARow: 3 }, openMs: 1_500 };

  it('is left alone, and asked again when it may be back', async () => {
    await start({ attempts: 1, breaker });
    server.answers(status(500));
    for (let index = 0; index < 3; index += 1) await failureOf(pay(), RemoteOutcomeUnknown);
    expect(service.resilience.state()).toMatchObject({ payments: { breaker: 'open' } });
    const error = await failureOf(pay(), RemoteUnavailable);
    expect(error.toEnvelope()).toMatchObject({
      code: 'dependency_unavailable',
      retry_after_seconds: expect.any(Number),
    });
    expect(server.asked).toHaveLength(3);

    server.answers(captured);
    await sleep(1_600);
    expect(await pay()).toMatchObject({ output: { status: 'captured' } });
    expect(service.resilience.state()).toMatchObject({ payments: { breaker: 'closed' } });
    expect(await service.metrics()).toMatch(
      /mcp_dependency_requests_total\{dependency="payments",outcome="breaker_open"\} 1/,
    );
  });

  it('is not one that says no', async () => {
    await start({ attempts: 1, breaker });
    const refusals = [refusal({ code: 'card_declined' }), limited(), status(429), status(403)];
    server.answers(...refusals, captured);
    for (const _refusal of refusals) await expect(pay()).rejects.toThrow();
    expect(await pay()).toBeDefined();
  });
});

describe('calls at once', () => {
  it('are no more than allowed; others wait, and beyond that are turned away unsent', async () => {
    await start({}, { MCP_REMOTE_PAYMENTS_CONCURRENT: '2' });
    let running = 0;
    let most = 0;
    server.answers((response, asked) => {
      most = Math.max(most, (running += 1));
      setTimeout(() => {
        running -= 1;
        captured(response, asked);
      }, 50);
    });
    const calls = await Promise.allSettled(Array.from({ length: 14 }, () => pay()));
    expect(most).toBe(2);
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const call of calls) {
      if (call.status === 'rejected') expect(call.reason).toBeInstanceOf(RemoteUnavailable);
    }
  });
});

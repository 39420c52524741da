import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { body, silent, startScriptedServer, type ScriptedServer } from '../test/scripted-server.ts';
import { Connections } from './connections.ts';
import { AnswerTooLarge, ConnectionFailed, Exchange } from './exchange.ts';

let server: ScriptedServer;
let connections: Connections;
let exchange: Exchange;
beforeEach(async () => {
  server = await startScriptedServer();
  connections = new Connections();
  exchange = new Exchange(10);
});
afterEach(async () => {
  connections.close();
  await server.close();
});

const post = (signal = new AbortController().signal, url = server.url) =>
  connections.post(new URL(url), { headers: new Headers(), body: '{}', signal }, exchange);

describe('Connections', () => {
  it('send nothing that is not wanted any more', async () => {
    await expect(post(AbortSignal.abort())).rejects.toThrow(ConnectionFailed);
    expect(exchange.mayHaveRun).toBe(false);
    server.answers(body('text/plain', 'x'));
    await post();
    expect(server.asked).toHaveLength(1);
    expect(exchange.mayHaveRun).toBe(true);
  });

  it('have sent what was on its way when it was ended', async () => {
    server.answers(silent);
    const caller = new AbortController();
    const failing = expect(post(caller.signal)).rejects.toThrow(ConnectionFailed);
    while (server.asked.length === 0) await new Promise(setImmediate);
    caller.abort();
    await failing;
    expect(exchange.mayHaveRun).toBe(true);
  });

  it('have sent nothing before there is TLS', async () => {
    await expect(post(undefined, server.url.replace('http:', 'https:'))).rejects.toThrow(ConnectionFailed);
    expect(exchange.mayHaveRun).toBe(false);
  });

  it('read no more than is allowed', async () => {
    server.answers(body('text/plain', '0123456789'));
    expect(await (await post()).text()).toBe('0123456789');
    expect(exchange.failure).toBeUndefined();
    server.answers(body('text/plain', '0123456789a'));
    await expect((await post()).text()).rejects.toThrow(AnswerTooLarge);
    expect(exchange.failure).toBeInstanceOf(AnswerTooLarge);
  });
});

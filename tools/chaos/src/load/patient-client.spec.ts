import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LoadFigures } from './load-figures.ts';
import { PatientClient } from './patient-client.ts';

type Reply = (response: ServerResponse) => void;

const result =
  (content: object, isError = false): Reply =>
  (response) =>
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { structuredContent: content, isError } }));
const refusal = (code: string, retryable: boolean) =>
  result({ code, retryable, hint: 'Try again.', retry_after_seconds: 0.01 }, true);

describe('PatientClient', () => {
  let server: Server;
  let replies: Reply[];
  let bodies: string[];
  const figures = () => new LoadFigures();

  beforeEach(async () => {
    [replies, bodies] = [[], []];
    server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    bodies.push(Buffer.concat(await request.toArray()).toString());
    replies.shift()!(response);
  }

  function client(of: LoadFigures, deadlineMs = 5_000): PatientClient {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    return new PatientClient({ url, token: 'any', deadlineOf: () => deadlineMs }, of);
  }
  const call = { name: 'pay_order', args: { order_id: 'ord_1', idempotency_key: 'the-same-key' } };

  it('repeats what was cut off or may be repeated, with the same key, until there is an answer', async () => {
    const seen = figures();
    replies = [(response) => response.destroy(), refusal('timeout', true), result({ state: 'paid' })];
    expect(await client(seen).call(call)).toEqual({ output: { state: 'paid' } });
    expect(seen.reasons).toEqual([
      ['connection lost', 1],
      ['timeout', 1],
    ]);
    expect(new Set(bodies).size).toBe(1);
    expect([seen.attempts, seen.acknowledged]).toEqual([3, 1]);
  });

  it('takes a refusal for good as the answer', async () => {
    replies = [refusal('payment_declined', false)];
    const { error } = await client(figures()).call(call);
    expect(error).toMatchObject({ code: 'payment_declined' });
  });

  it('counts a call that hangs past its deadline and a second', async () => {
    const seen = figures();
    replies = [() => {}, result({})];
    await client(seen, 10).call(call);
    expect(seen.unanswered).toBe(1);
  });

  it('notes what is neither a result nor an error envelope', async () => {
    const seen = figures();
    replies = [(response) => response.writeHead(500).end('Internal Server Error'), result({})];
    await client(seen).call(call);
    expect(seen.unstructured).toEqual(['pay_order: 500 Internal Server Error']);
  });
});

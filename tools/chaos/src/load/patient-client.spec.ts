import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startIssuer, type TestIssuer } from '@gantry/testing';
import { Access, Tokens } from '../fleet/tokens.ts';
import { LoadFigures } from './load-figures.ts';
import { PatientClient } from './patient-client.ts';

type Reply = (response: ServerResponse) => void;

const result =
  (content: object, isError = false): Reply =>
  (response) =>
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { structuredContent: content, isError } }));
const refusal = (code: string, retryable: boolean) =>
  result({ code, retryable, hint: 'Try again.', retry_after_seconds: 0.01 }, true);

const challenged =
  (
    challenge: string,
    body: object = { error: { code: -32_600, message: 'The token has expired.' } },
  ): Reply =>
  (response) =>
    response.writeHead(401, { 'www-authenticate': challenge }).end(JSON.stringify(body));
const INVALID = 'Bearer error="invalid_token", resource_metadata="http://here"';

describe('PatientClient', () => {
  let issuer: TestIssuer;
  let tokens: Tokens;
  let server: Server;
  let replies: Reply[];
  let bodies: string[];
  let bearers: (string | undefined)[];
  const figures = () => new LoadFigures();

  beforeEach(async () => {
    [replies, bodies, bearers] = [[], [], []];
    issuer = await startIssuer();
    tokens = new Tokens(issuer, 'acme');
    server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await issuer.close();
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    bearers.push(request.headers.authorization);
    bodies.push(Buffer.concat(await request.toArray()).toString());
    replies.shift()!(response);
  }

  function client(of: LoadFigures, deadlineMs = 5_000): PatientClient {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const access = new Access(tokens, url, ['orders:admin']);
    return new PatientClient({ url, access, deadlineOf: () => deadlineMs }, of);
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

  it('notes a call that hangs past its deadline and a second, which only a frozen replica excuses', async () => {
    const seen = figures();
    replies = [() => {}, result({})];
    await client(seen, 10).call(call);
    expect(seen.hung).toEqual([
      expect.stringMatching(/^pay_order .*the-same-key.*no answer within 1010 ms$/),
    ]);
    expect(seen.violations()).toEqual(seen.hung);
    expect(seen.violations(true)).toEqual([]);
  });

  it('notes what is neither a result nor an error envelope', async () => {
    const seen = figures();
    replies = [(response) => response.writeHead(500).end('Internal Server Error'), result({})];
    await client(seen).call(call);
    expect(seen.wrong).toEqual(['pay_order: 500 Internal Server Error']);
  });

  it('fetches a new token when its own is refused, and repeats the call with the same key', async () => {
    const seen = figures();
    tokens.become({ aheadSeconds: 120, mustBe: 'refused' });
    replies = [challenged(INVALID), result({})];
    const one = client(seen);
    await one.call(call);
    expect(seen.refused).toBe(1);
    expect(seen.reasons).toEqual([['invalid_token', 1]]);
    expect(new Set(bearers).size).toBe(2);
    expect(new Set(bodies).size).toBe(1);
  });

  it('keeps a token as long as it is accepted, and takes a new one when the clock changes', async () => {
    replies = [result({}), result({}), result({})];
    const one = client(figures());
    await one.call(call);
    await one.call(call);
    expect(new Set(bearers).size).toBe(1);
    tokens.become({ aheadSeconds: 20, mustBe: 'accepted' });
    await one.call(call);
    expect(new Set(bearers).size).toBe(2);
  });

  it('notes a token that is accepted and must not be', async () => {
    const seen = figures();
    tokens.become({ aheadSeconds: 120, mustBe: 'refused' });
    replies = [result({})];
    await client(seen).call(call);
    expect(seen.wrong).toEqual(['pay_order: a token that must be refused was accepted: status 200']);
  });

  it('notes a good token that is refused, but not while services learn of new keys', async () => {
    const seen = figures();
    replies = [challenged(INVALID), result({})];
    await client(seen).call(call);
    expect(seen.wrong).toEqual([`pay_order: a good token was refused: ${INVALID}`]);
    const learning = figures();
    replies = [challenged(INVALID), result({})];
    await tokens.rotate({ forgetFormer: true });
    await client(learning).call(call);
    expect([learning.refused, learning.wrong]).toEqual([1, []]);
  });

  it.each([
    ['a challenge', challenged('Bearer')],
    ['a message', challenged(INVALID, {})],
  ])('notes a refusal of a token without %s', async (_what, refused) => {
    const seen = figures();
    tokens.become({ aheadSeconds: 0, mustBe: 'either' });
    replies = [refused, result({})];
    await client(seen).call(call);
    expect(seen.wrong).toEqual([expect.stringMatching(/^pay_order: 401 /)]);
  });
});

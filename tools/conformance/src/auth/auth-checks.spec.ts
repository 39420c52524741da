import { startIssuer, type TestIssuer } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runAuthChecks, type AuthResult } from './auth-check.ts';
import { authChecks } from './auth-checks.ts';

/** A server that answers everybody the same: a check that it passes would tell it from no service that is broken. */
async function startStub(answer: (response: ServerResponse) => void): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function reply(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

let issuer: TestIssuer;
let stranger: TestIssuer;

beforeAll(async () => {
  [issuer, stranger] = await Promise.all([startIssuer(), startIssuer()]);
});
afterAll(() => Promise.all([issuer.close(), stranger.close()]));

async function resultsOf(answer: (response: ServerResponse) => void): Promise<AuthResult[]> {
  const server = await startStub(answer);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const results = await runAuthChecks(authChecks, { name: 'records', url, issuer, stranger });
  server.closeAllConnections();
  server.close();
  return results;
}

const passed = (results: AuthResult[]) =>
  results.filter(({ problem }) => problem === undefined).map(({ name }) => name);

const acceptsEverything = (response: ServerResponse) =>
  reply(response, 200, { jsonrpc: '2.0', id: 1, result: { tools: [{ name: 'create_record' }] } });

const refusesEverything = (response: ServerResponse) =>
  reply(response, 401, { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'No.' } });

describe('authChecks', () => {
  it('see through a server that accepts everything', async () => {
    expect(passed(await resultsOf(acceptsEverything))).toEqual([
      '200: good token',
      '200: scheme in lower case',
      '/health needs no token',
      '/health/live needs no token',
      '/health/ready needs no token',
    ]);
  });

  it('see through a server that refuses everything without a word', async () => {
    expect(passed(await resultsOf(refusesEverything))).toEqual(['good token in a form is refused']);
  });

  it('see through one whose challenge is good but always the same', async () => {
    const challenge = 'Bearer error="invalid_token", scope="records:read"';
    const results = await resultsOf((response) =>
      reply(response, 401, {}, { 'www-authenticate': `${challenge}, resource_metadata="http://other/"` }),
    );
    const [noToken, expired] = ['401: no token', '401: token expired'].map(
      (name) => results.find((result) => result.name === name)!.problem,
    );
    expect([noToken, expired]).toEqual(['error is invalid_token', 'wrong resource_metadata']);
  });

  it('have names of their own', () => {
    expect(new Set(authChecks.map(({ name }) => name)).size).toBe(authChecks.length);
  });
});

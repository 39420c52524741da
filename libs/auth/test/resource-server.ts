import { expect, jest } from '@jest/globals';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Config } from '@gantry/config';
import type { TestIssuer, TokenOptions } from '@gantry/testing';
import type { JWTPayload } from 'jose';
import { Registry } from 'prom-client';
import { AuthMetrics } from '../src/auth.metrics.ts';
import { authSettings, type AuthSettings } from '../src/auth.settings.ts';
import { AuthenticationError } from '../src/authentication-error.ts';
import { IssuerHttp } from '../src/issuer-http.ts';
import { IssuerKeys } from '../src/issuer-keys.ts';
import { ProtectedResource } from '../src/protected-resource.ts';
import { ScopeHierarchy } from '../src/scope-hierarchy.ts';
import { TokenVerifier } from '../src/token-verifier.ts';

/** The endpoint that the tests protect, and so the audience of its tokens. */
export const AUDIENCE = 'https://records.example.com/mcp';

/** A log for those who do not look at it. */
export const silent = { info: () => undefined, warn: () => undefined };

/** Metrics of all tests in a file together. */
export const metrics = new AuthMetrics(new Registry());

/** What the issuer is talked to with. */
export const http = new IssuerHttp({ timeoutMs: 2_000, allowInsecure: false });

/** Settings as an environment gives them, with what no environment can say on top. */
export function settingsFor(
  issuer: Pick<TestIssuer, 'url'>,
  overrides: Partial<AuthSettings> = {},
): AuthSettings {
  const env = { MCP_AUTH_ISSUER: issuer.url, MCP_AUTH_AUDIENCE: AUDIENCE };
  return { ...Config.of([authSettings], env).get(authSettings), ...overrides };
}

/** The parts of a resource server that trusts this issuer. */
export function resourceServer(issuer: Pick<TestIssuer, 'url'>, overrides: Partial<AuthSettings> = {}) {
  const settings = settingsFor(issuer, overrides);
  const resource = new ProtectedResource(settings, ['records:read', 'records:write']);
  const keys = new IssuerKeys(settings, http, silent, metrics);
  return {
    settings,
    resource,
    keys,
    verifier: new TokenVerifier(settings, keys, resource, new ScopeHierarchy(), metrics),
  };
}

/** What is said about a token; `claims` are set as they are. */
export type SaidToken = TokenOptions & { claims?: JWTPayload };

/** A good token for {@link AUDIENCE}, but for what is said. */
export function tokenOf(issuer: TestIssuer, { claims, ...options }: SaidToken = {}): Promise<string> {
  return issuer.token({ audience: AUDIENCE, tenant: 'acme', ...options, ...claims });
}

/** The error that this token is refused with. */
export async function refusal(verifier: TokenVerifier, token: string): Promise<AuthenticationError> {
  const error: unknown = await verifier.verify(token).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AuthenticationError);
  return error as AuthenticationError;
}

/** A server on loopback for what a well-behaved issuer never does. */
export async function listen(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Everything that jest could fake beside `Date`. */
const REAL_TIMERS = [
  ...([
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'clearImmediate',
  ] as const),
  ...(['nextTick', 'queueMicrotask', 'hrtime', 'performance'] as const),
];

/** Runs `work` as if so many seconds had passed, on both clocks; timers go on as they are. */
export async function inSeconds(seconds: number, work: () => Promise<void>): Promise<void> {
  const monotonic = performance.now.bind(performance);
  const spy = jest.spyOn(performance, 'now').mockImplementation(() => monotonic() + seconds * 1000);
  jest.useFakeTimers({ now: Date.now() + seconds * 1000, doNotFake: REAL_TIMERS });
  try {
    await work();
  } finally {
    jest.useRealTimers();
    spy.mockRestore();
  }
}

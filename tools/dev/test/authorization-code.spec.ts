import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, locationOf } from './browser.ts';
import { ORDERS, RECORDS, RunningAuthorization } from './running-authorization.ts';

const CALLBACK = 'http://127.0.0.1:51234/callback';

let server: RunningAuthorization;

beforeAll(async () => {
  server = await RunningAuthorization.start();
});

afterAll(() => server.stop());

describe('authorization code with PKCE', () => {
  const verifier = randomBytes(32).toString('base64url');

  function authorizationUrl(changes: Record<string, string | undefined> = {}): string {
    const parameters = {
      client_id: 'gantry-desktop',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'records:read offline_access',
      resource: RECORDS,
      state: 'xyz',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    };
    const given = Object.entries(parameters).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return `${server.issuer}/auth?${new URLSearchParams(given)}`;
  }

  /** From the authorization request to the address that the client is sent back to. */
  async function signIn(account: string, browser = new Browser()): Promise<URL> {
    const page = locationOf(await browser.get(authorizationUrl())).href;
    const resumed = await browser.post(page, { account });
    expect(resumed.status).toBe(303);
    return locationOf(await browser.get(locationOf(resumed).href));
  }

  const redeem = (code: string, changes: Record<string, string> = {}) =>
    server.token({
      grant_type: 'authorization_code',
      client_id: 'gantry-desktop',
      redirect_uri: CALLBACK,
      code_verifier: verifier,
      code,
      resource: RECORDS,
      ...changes,
    });

  const refresh = (refresh_token = '') =>
    server.token({
      grant_type: 'refresh_token',
      client_id: 'gantry-desktop',
      refresh_token,
      resource: RECORDS,
    });

  it('walks from the sign-in page to a token of the tenant that was signed in to, and refreshes it', async () => {
    const browser = new Browser();
    const page = await browser.get(locationOf(await browser.get(authorizationUrl())).href);
    const html = await page.text();
    expect(html).toContain('gantry-desktop');
    expect(html).toContain('records:read');

    const back = await signIn('ada@acme', browser);
    expect(`${back.origin}${back.pathname}`).toBe(CALLBACK);
    expect(back.searchParams.get('state')).toBe('xyz');
    expect(back.searchParams.get('iss')).toBe(server.issuer);

    const first = await redeem(back.searchParams.get('code') ?? '');
    expect(first.status).toBe(200);
    expect(await server.verify(first.body.access_token, RECORDS)).toMatchObject({
      sub: 'ada@acme',
      tenant: 'acme',
      client_id: 'gantry-desktop',
      scope: 'records:read',
    });

    const second = await refresh(first.body.refresh_token);
    expect(second.status).toBe(200);
    expect(await server.verify(second.body.access_token, RECORDS)).toMatchObject({ tenant: 'acme' });
    // Rotated: the first one is spent.
    expect((await refresh(first.body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('keeps a client signed in over a restart, in a file that nobody else can read', async () => {
    const code = (await signIn('ada@acme')).searchParams.get('code') ?? '';
    const { refresh_token } = (await redeem(code)).body;
    await server.restart();
    expect((await refresh(refresh_token)).status).toBe(200);
    expect((await stat(join(server.directory, 'tokens.json'))).mode & 0o777).toBe(0o600);
  });

  it('takes a code once only', async () => {
    const code = (await signIn('ada@acme')).searchParams.get('code') ?? '';
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).body.error).toBe('invalid_grant');
  });

  it('takes a code only with the verifier that it was asked for with', async () => {
    const code = (await signIn('ada@acme')).searchParams.get('code') ?? '';
    const { body } = await redeem(code, { code_verifier: randomBytes(32).toString('base64url') });
    expect(body.error).toBe('invalid_grant');
  });

  it('takes a code only for the service that it was asked for', async () => {
    const code = (await signIn('ada@acme')).searchParams.get('code') ?? '';
    expect((await redeem(code, { resource: ORDERS })).body.error).toBe('invalid_target');
  });

  it.each([
    ['another host', 'http://192.0.2.1:51234/callback'],
    ['another path', 'http://127.0.0.1:51234/elsewhere'],
    ['https on loopback', 'https://127.0.0.1:51234/callback'],
  ])('never redirects to %s', async (_what, redirect_uri) => {
    const response = await new Browser().get(authorizationUrl({ redirect_uri }));
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(await response.text()).toContain('redirect_uri');
  });

  it('refuses a request without PKCE', async () => {
    const back = locationOf(
      await new Browser().get(
        authorizationUrl({ code_challenge: undefined, code_challenge_method: undefined }),
      ),
    );
    expect(back.searchParams.get('error')).toBe('invalid_request');
    expect(back.searchParams.has('code')).toBe(false);
  });

  it('refuses an unknown client', async () => {
    const response = await new Browser().get(authorizationUrl({ client_id: 'stranger' }));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('invalid_client');
  });

  it('asks again when the account is not written as name@tenant, and repeats nothing unescaped', async () => {
    const browser = new Browser();
    const page = locationOf(await browser.get(authorizationUrl())).href;
    const answer = await browser.post(page, { account: '"><script>alert(1)</script>' });
    expect(answer.status).toBe(400);
    const html = await answer.text();
    expect(html).toContain('name@tenant');
    expect(html).not.toContain('<script>');
  });

  it('shows nothing to a browser that did not start the sign-in', async () => {
    const page = locationOf(await new Browser().get(authorizationUrl())).href;
    const answer = await new Browser().post(page, { account: 'ada@acme' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Start it again');
  });
});

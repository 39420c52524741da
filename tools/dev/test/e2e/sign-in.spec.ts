import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
} from '@modelcontextprotocol/client';
import { decodeJwt } from 'jose';
import { DESKTOP_CLIENT } from '../../src/authorization/provider-configuration.ts';
import { Browser, locationOf } from '../browser.ts';
import { CommandSite } from '../stack-command.ts';

const MAIN = ['--conditions=@gantry/source', join(import.meta.dirname, '../../src/main.ts')];
const CALLBACK = 'http://127.0.0.1:43117/callback';

let site: CommandSite;

beforeAll(async () => {
  site = await CommandSite.open();
  await site.serve('node', [...MAIN, 'serve']);
});

afterAll(() => site.close());

/** What a desktop program keeps while it signs in. */
class DesktopProgram implements OAuthClientProvider {
  readonly redirectUrl = CALLBACK;
  readonly clientMetadata = { redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' };
  authorizationUrl: URL | undefined;
  #tokens: ReturnType<OAuthClientProvider['tokens']>;
  #verifier = '';
  #discovery: Awaited<ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>>;

  clientInformation() {
    return { client_id: DESKTOP_CLIENT };
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens: Parameters<OAuthClientProvider['saveTokens']>[0]) {
    this.#tokens = tokens;
  }
  redirectToAuthorization(url: URL) {
    this.authorizationUrl = url;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  saveDiscoveryState(state: NonNullable<typeof this.discovery>) {
    this.#discovery = state;
  }
  discoveryState() {
    return this.#discovery;
  }
  get discovery() {
    return this.#discovery;
  }
}

describe('a program that knows nothing but the address of a service', () => {
  it('finds the authorization server, signs a person in, and calls tools in the name of their tenant', async () => {
    const program = new DesktopProgram();
    const url = new URL(`http://127.0.0.1:${site.portBase + 1}/mcp`);
    const signedIn = async () => {
      const transport = new StreamableHTTPClientTransport(url, { authProvider: program });
      const client = new Client(
        { name: 'desktop', version: '1.0.0' },
        { versionNegotiation: { mode: { pin: '2026-07-28' } } },
      );
      await client.connect(transport);
      return client;
    };

    const first = new StreamableHTTPClientTransport(url, { authProvider: program });
    const refused = new Client({ name: 'desktop', version: '1.0.0' }).connect(first);
    await expect(refused).rejects.toThrow(UnauthorizedError);

    const browser = new Browser();
    const page = locationOf(await browser.get(program.authorizationUrl!.href)).href;
    const resumed = await browser.post(page, { account: 'ada@acme' });
    await first.finishAuth(locationOf(await browser.get(locationOf(resumed).href)).searchParams);

    const tokens = await program.tokens();
    expect(decodeJwt(tokens!.access_token)).toMatchObject({ sub: 'ada@acme', tenant: 'acme' });
    expect(tokens!.refresh_token).toBeDefined();

    const client = await signedIn();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('list_records');
    const { structuredContent } = await client.callTool({ name: 'list_collections', arguments: {} });
    // The demo data belongs to another tenant.
    expect(structuredContent).toMatchObject({ items: [] });
    await client.close();
  });
});

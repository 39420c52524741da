import { afterEach, describe, expect, it } from '@jest/globals';
import { http, listen } from '../test/resource-server.ts';
import { IssuerHttp, isSecure } from './issuer-http.ts';
import { discoverIssuer, metadataLocations } from './issuer-metadata.ts';

describe('the metadata of an issuer', () => {
  let close: () => Promise<void> = async () => undefined;
  afterEach(() => close());

  /** Serves one document at one path. */
  async function issuerWith(path: string, document: (url: string) => unknown): Promise<string> {
    const server = await listen((request, response) => {
      response.statusCode = request.url === path ? 200 : 404;
      response.end(JSON.stringify(document(server.url)));
    });
    close = server.close;
    return server.url;
  }

  it.each([
    [
      'https://login.example.com',
      [
        'https://login.example.com/.well-known/oauth-authorization-server',
        'https://login.example.com/.well-known/openid-configuration',
      ],
    ],
    [
      'https://login.example.com/realms/a/',
      [
        'https://login.example.com/.well-known/oauth-authorization-server/realms/a',
        'https://login.example.com/.well-known/openid-configuration/realms/a',
        'https://login.example.com/realms/a/.well-known/openid-configuration',
      ],
    ],
  ])('of %s is looked for where RFC 8414 and OpenID Connect put it', (issuer, locations) => {
    expect(metadataLocations(issuer)).toEqual(locations);
  });

  it.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])(
    'is found at %s',
    async (path) => {
      const issuer = await issuerWith(path, (url) => ({ issuer: url, jwks_uri: `${url}/jwks`, other: 1 }));
      expect(await discoverIssuer(http, issuer)).toEqual({ issuer, jwks_uri: `${issuer}/jwks` });
    },
  );

  it.each(['/.well-known/oauth-authorization-server/realms/a', '/realms/a/.well-known/openid-configuration'])(
    'of an issuer with a path is found at %s',
    async (path) => {
      const origin = await issuerWith(path, (url) => ({ issuer: `${url}/realms/a` }));
      expect(await discoverIssuer(http, `${origin}/realms/a`)).toEqual({ issuer: `${origin}/realms/a` });
    },
  );

  it('is refused when it speaks for another issuer', async () => {
    const issuer = await issuerWith('/.well-known/oauth-authorization-server', () => ({
      issuer: 'https://evil.example.com',
    }));
    await expect(discoverIssuer(http, issuer)).rejects.toThrow(
      'is the metadata of issuer "https://evil.example.com"',
    );
  });

  it('is refused for a difference of one slash: the claim in tokens would differ too', async () => {
    const issuer = await issuerWith('/.well-known/oauth-authorization-server', (url) => ({
      issuer: `${url}/`,
    }));
    await expect(discoverIssuer(http, issuer)).rejects.toThrow('is the metadata of issuer');
  });

  it('is refused when it is not what it should be', async () => {
    const issuer = await issuerWith('/.well-known/oauth-authorization-server', (url) => ({
      issuer: url,
      jwks_uri: 7,
    }));
    await expect(discoverIssuer(http, issuer)).rejects.toThrow('is not valid metadata');
  });

  it('says where it was looked for when there is none', async () => {
    const issuer = await issuerWith('/nowhere', () => ({}));
    await expect(discoverIssuer(http, issuer)).rejects.toThrow(
      /oauth-authorization-server answered 404.*openid-configuration answered 404/,
    );
  });
});

describe('a connection to the issuer', () => {
  it.each([
    'https://login.example.com',
    'http://localhost:9000',
    'http://a.localhost',
    'http://127.0.0.1',
    'http://[::1]:1',
  ])('%s is safe', (url) => expect(isSecure(url)).toBe(true));

  it.each([
    'http://login.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://notlocalhost',
  ])('%s is not', async (url) => {
    expect(isSecure(url)).toBe(false);
    await expect(http.request(url)).rejects.toThrow('Refusing plain http');
  });

  it('may be unsafe where that was allowed', async () => {
    const closedNetwork = new IssuerHttp({ timeoutMs: 2_000, allowInsecure: true });
    await expect(closedNetwork.request('http://issuer.invalid/')).rejects.toThrow('fetch failed');
  });
});

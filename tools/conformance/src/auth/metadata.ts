import assert from 'node:assert/strict';
import { metadataUrlOf } from './assert-challenge.ts';
import type { AuthCheck } from './auth-check.ts';

interface Metadata {
  readonly resource?: string;
  readonly authorization_servers?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly bearer_methods_supported?: readonly string[];
}

async function fetchJson<Document>(url: string): Promise<Document> {
  const response = await fetch(url);
  assert.equal(response.status, 200, `HTTP ${response.status} at ${new URL(url).pathname}`);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json\b/, 'it is not JSON');
  return (await response.json()) as Document;
}

/** Where a client without a token finds out how to get one, and what else needs none. */
export const metadata: readonly AuthCheck[] = [
  {
    name: 'metadata at the path of the resource, for that resource',
    reference: 'RFC 9728 §3.1, §3.3',
    run: async (target) => {
      const { resource } = await fetchJson<Metadata>(metadataUrlOf(target));
      assert.equal(resource, target.url, `resource is ${resource}`);
    },
  },
  {
    name: 'the same at the root',
    reference: 'MCP authorization',
    run: async (target) => {
      const root = new URL('/.well-known/oauth-protected-resource', target.url).href;
      const atRoot = await fetchJson<Metadata>(root);
      assert.equal(atRoot.resource, target.url, `resource is ${atRoot.resource}`);
    },
  },
  {
    name: 'none for another path',
    reference: 'RFC 9728 §3.3',
    run: async (target) => {
      const { status } = await fetch(`${metadataUrlOf(target)}/more`);
      assert.equal(status, 404, `HTTP ${status}`);
    },
  },
  {
    name: 'metadata names the issuer, which says the same of itself',
    reference: 'RFC 9728 §2, RFC 8414 §3.3',
    run: async (target) => {
      const { authorization_servers: servers = [] } = await fetchJson<Metadata>(metadataUrlOf(target));
      assert.deepEqual(servers, [target.issuer.url], `authorization_servers is ${servers.join(' ')}`);
      const of = await fetchJson<{ issuer: string }>(`${servers[0]}/.well-known/oauth-authorization-server`);
      assert.equal(of.issuer, servers[0], `the issuer says it is ${of.issuer}`);
    },
  },
  {
    name: 'metadata lists scopes of the service, and tokens in the header only',
    reference: 'RFC 9728 §2',
    run: async (target) => {
      const found = await fetchJson<Metadata>(metadataUrlOf(target));
      assert.deepEqual(found.bearer_methods_supported, ['header'], 'other bearer methods');
      const scopes = found.scopes_supported ?? [];
      assert.ok(scopes.includes(`${target.name}:read`), `scopes_supported is ${scopes.join(' ')}`);
    },
  },
  ...['/health', '/health/live', '/health/ready'].map((path) => ({
    name: `${path} needs no token`,
    reference: 'Gantry',
    run: async ({ url }: { url: string }) => {
      const { status } = await fetch(new URL(path, url));
      assert.equal(status, 200, `HTTP ${status}`);
    },
  })),
];

import type { ServiceClient } from './authorization/options.ts';
import type { SecretFolder } from './secret-folder.ts';

/** The client that `make token`, the demo data and the proposed first call use. */
export const DEMO_CLIENT = 'gantry-demo';

/** Tenant of the demo data. */
export const DEMO_TENANT = 'demo';

/** The demo client, which may do everything within its tenant. */
export async function demoClient(secrets: SecretFolder, scopes: readonly string[]): Promise<ServiceClient> {
  return { id: DEMO_CLIENT, secret: await demoSecret(secrets), tenant: DEMO_TENANT, scopes };
}

/** A fresh token of the demo client for one service. */
export async function requestDemoToken(
  issuer: string,
  secrets: SecretFolder,
  { audience, scopes }: { audience: string; scopes: readonly string[] },
): Promise<string> {
  const credentials = Buffer.from(`${DEMO_CLIENT}:${await demoSecret(secrets)}`).toString('base64');
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: audience,
      scope: scopes.join(' '),
    }),
  });
  if (!response.ok) throw new Error(`${issuer} gave no token: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

function demoSecret(secrets: SecretFolder): Promise<string> {
  return secrets.keep('demo-client-secret');
}

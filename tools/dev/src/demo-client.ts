import type { ServiceClient } from './authorization/options.ts';
import type { SecretFolder } from './secret-folder.ts';

/** The client that `make token`, the demo data and the proposed first calls use. */
export const DEMO_CLIENT = 'gantry-demo';

/** Another principal, for what takes two: who asked for a payment cannot approve it. */
export const APPROVER_CLIENT = 'gantry-approver';

/** Tenant of the demo data. */
export const DEMO_TENANT = 'demo';

/** All clients that get tokens in their own name. */
export const DEMO_CLIENTS: readonly string[] = [DEMO_CLIENT, APPROVER_CLIENT];

/** The demo clients, which may do everything within their tenant. */
export function demoClients(secrets: SecretFolder, scopes: readonly string[]): Promise<ServiceClient[]> {
  return Promise.all(
    DEMO_CLIENTS.map(async (id) => ({
      id,
      secret: await secretOf(id, secrets),
      tenant: DEMO_TENANT,
      scopes,
    })),
  );
}

/** A fresh token of a demo client for one service. */
export async function requestDemoToken(
  issuer: string,
  secrets: SecretFolder,
  { audience, scopes }: { audience: string; scopes: readonly string[] },
  client = DEMO_CLIENT,
): Promise<string> {
  const credentials = Buffer.from(`${client}:${await secretOf(client, secrets)}`).toString('base64');
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

function secretOf(client: string, secrets: SecretFolder): Promise<string> {
  return secrets.keep(`${client}-secret`);
}

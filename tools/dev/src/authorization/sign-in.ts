import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Interaction, Provider } from 'oidc-provider';
import { DEFAULT_ACCOUNT, tenantOf } from './account.ts';
import { signInPage } from './sign-in-page.ts';

const NAME_AND_TENANT = 'Write name@tenant in lower case, for example developer@demo.';

/** Shows the sign-in page, and on submit signs in and grants what the program asked for, in one step. */
export async function signIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    await show(provider, response, interaction, interaction.session?.accountId ?? DEFAULT_ACCOUNT);
    return;
  }
  const account = new URLSearchParams(await text(request)).get('account')?.trim() ?? '';
  if (tenantOf(account) === undefined) {
    await show(provider, response, interaction, account, NAME_AND_TENANT);
    return;
  }
  const grantId = await grantEverything(provider, interaction, account);
  await provider.interactionFinished(request, response, {
    login: { accountId: account },
    consent: { grantId },
  });
}

/** The name of a page: everything under it belongs to {@link signIn}. */
export const SIGN_IN_PATH = '/sign-in/';

async function grantEverything(
  provider: Provider,
  interaction: Interaction,
  accountId: string,
): Promise<string> {
  const { client_id: clientId, scope = '' } = interaction.params;
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(scope);
  for (const resource of resourcesOf(interaction)) grant.addResourceScope(resource, scope);
  return grant.save();
}

async function show(
  provider: Provider,
  response: ServerResponse,
  interaction: Interaction,
  account: string,
  problem?: string,
): Promise<void> {
  const { client_id: clientId, redirect_uri: redirectUri, scope = '' } = interaction.params;
  const client = await provider.Client.find(clientId);
  const page = signInPage({
    client: client?.clientName === undefined ? clientId : `${client.clientName} (${clientId})`,
    redirectUri,
    resources: resourcesOf(interaction),
    scopes: scope.split(' ').filter(Boolean),
    account,
    ...(problem !== undefined && { problem }),
  });
  response
    .writeHead(problem === undefined ? 200 : 400, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
    .end(page);
}

function resourcesOf({ params: { resource = [] } }: Interaction): string[] {
  return [resource].flat();
}

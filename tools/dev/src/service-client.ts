import type { ServiceClient } from './authorization/options.ts';
import type { SecretFolder } from './secret-folder.ts';
import { addressOf } from './service-address.ts';
import type { ServiceEntry } from './service-entry.ts';
import type { Site } from './site.ts';

/**
 * The clients of the services that call others, which act for every tenant: whose order it is decides for whom it is
 * paid.
 */
export async function serviceClients(
  services: readonly ServiceEntry[],
  secrets: SecretFolder,
): Promise<ServiceClient[]> {
  return Promise.all(
    services.flatMap(({ name, calls }) => {
      if (!calls) return [];
      const scopes = calls.flatMap((callee) => callee.scopes);
      return [secrets.keep(secretOf(name)).then((secret) => ({ id: clientOf(name), secret, scopes }))];
    }),
  );
}

/** By which settings a service finds those that it calls, and is somebody to them. */
export function callSettings({ name, calls }: ServiceEntry, { secrets, settings }: Site): NodeJS.ProcessEnv {
  if (!calls) return {};
  return {
    MCP_AUTH_CLIENT_ID: clientOf(name),
    MCP_AUTH_CLIENT_SECRET_FILE: secrets.path(secretOf(name)),
    MCP_AUTH_TENANT_PARAMETER: 'tenant',
    ...Object.fromEntries(
      calls.map(({ service }) => [urlVariableOf(service.name), addressOf(service, settings).url]),
    ),
  };
}

function urlVariableOf(service: string): string {
  return `MCP_REMOTE_${service.toUpperCase()}_URL`;
}

function clientOf(service: string): string {
  return `gantry-${service}`;
}

function secretOf(service: string): string {
  return `${clientOf(service)}-secret`;
}

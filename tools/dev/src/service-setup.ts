import { join } from 'node:path';
import { ensureDatabase } from '@gantry/dev-postgres';
import { callSettings } from './service-client.ts';
import { addressOf, issuerOf } from './service-address.ts';
import { ServiceProcess, type ServiceProcessOptions } from './service-process.ts';
import type { ServiceEntry, ServiceSecret } from './service-entry.ts';
import { COMPILED_FOLDER, type Site } from './site.ts';

/** What every service is given. */
const COMMON_SECRETS: readonly ServiceSecret[] = [
  { name: 'cursor-keys', variable: 'MCP_CURSOR_KEYS' },
  { name: 'request-state-keys', variable: 'MCP_REQUEST_STATE_KEYS' },
];

/** Gives a service its database with everything that its migrations make, and says how to start it. */
export async function prepareService(
  entry: ServiceEntry,
  site: Site,
  postgresUrl: string,
  signal: AbortSignal,
): Promise<ServiceProcessOptions> {
  const { name, program } = entry;
  const { secrets } = site;
  const urls = await ensureDatabase(postgresUrl, {
    database: name,
    owner: { name: `${name}_owner`, password: await secrets.keep(`${name}-owner-password`) },
    service: { name: `${name}_service`, password: await secrets.keep(`${name}-service-password`) },
  });
  await secrets.put(`${name}-database-url`, urls.serviceUrl);
  await secrets.put(`${name}-migration-database-url`, urls.ownerUrl);
  const env = { ...environmentOf(entry, site), ...(await keepSecrets(entry, site)) };
  const migrationUrl = { MCP_MIGRATION_DATABASE_URL_FILE: secrets.path(`${name}-migration-database-url`) };
  await ServiceProcess.run(
    {
      name: `${name} migrate`,
      program,
      args: ['migrate'],
      env: { ...env, ...migrationUrl },
      logFile: site.logFile(`${name}-migrate`),
    },
    signal,
  );
  return { name, program, env, logFile: site.logFile(name) };
}

/** Where a secret of a service lies. */
export function secretFile(service: ServiceEntry, name: string, { secrets }: Site): string {
  return secrets.path(`${service.name}-${name}`);
}

/** One developer's leftovers in the shell must not configure a service; MCP_LOG_LEVEL may. */
export function withoutServiceSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('MCP_') || name === 'MCP_LOG_LEVEL'),
  );
}

function environmentOf(entry: ServiceEntry, site: Site): NodeJS.ProcessEnv {
  const { settings } = site;
  const { simulator } = entry;
  const { port, url } = addressOf(entry, settings);
  return {
    ...withoutServiceSettings(process.env),
    NODE_COMPILE_CACHE: join(settings.stateDirectory, COMPILED_FOLDER),
    MCP_TRANSPORT: 'http',
    MCP_HOST: '127.0.0.1',
    MCP_PORT: String(port),
    MCP_AUTH_ISSUER: issuerOf(settings),
    MCP_AUTH_AUDIENCE: url,
    MCP_DATABASE_URL_FILE: secretFile(entry, 'database-url', site),
    ...entry.settings,
    ...callSettings(entry, site),
    ...(simulator && { [simulator.urlVariable]: addressOf(simulator, settings).origin }),
  };
}

/** Makes the secrets that are not there yet. Returns the settings that say where they are. */
async function keepSecrets(entry: ServiceEntry, site: Site): Promise<NodeJS.ProcessEnv> {
  const files: NodeJS.ProcessEnv = {};
  for (const { name, variable, make, given } of [...COMMON_SECRETS, ...(entry.secrets ?? [])]) {
    const file = `${entry.name}-${name}`;
    await (given === undefined ? site.secrets.keep(file, make) : site.secrets.put(file, given));
    files[`${variable}_FILE`] = secretFile(entry, name, site);
  }
  return files;
}

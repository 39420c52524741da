import { ensureDatabase } from '@gantry/dev-postgres';
import { addressOf, issuerOf } from './service-address.ts';
import { ServiceProcess, type ServiceProcessOptions } from './service-process.ts';
import type { ServiceEntry } from './services.ts';
import type { Site } from './site.ts';

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
  await secrets.keep(`${name}-cursor-keys`);
  await secrets.keep(`${name}-request-state-keys`);
  const env = environmentOf(entry, site);
  const migrationUrl = { MCP_MIGRATION_DATABASE_URL_FILE: secrets.path(`${name}-migration-database-url`) };
  await ServiceProcess.run(
    {
      name: `${name} migrate`,
      program,
      env: { ...env, ...migrationUrl },
      logFile: site.logFile(`${name}-migrate`),
    },
    ['migrate'],
    signal,
  );
  return { name, program, env, logFile: site.logFile(name) };
}

function environmentOf(entry: ServiceEntry, { settings, secrets }: Site): NodeJS.ProcessEnv {
  const { port, url } = addressOf(entry, settings);
  return {
    ...withoutServiceSettings(process.env),
    MCP_TRANSPORT: 'http',
    MCP_HOST: '127.0.0.1',
    MCP_PORT: String(port),
    MCP_AUTH_ISSUER: issuerOf(settings),
    MCP_AUTH_AUDIENCE: url,
    MCP_DATABASE_URL_FILE: secrets.path(`${entry.name}-database-url`),
    MCP_CURSOR_KEYS_FILE: secrets.path(`${entry.name}-cursor-keys`),
    MCP_REQUEST_STATE_KEYS_FILE: secrets.path(`${entry.name}-request-state-keys`),
  };
}

/** One developer's leftovers in the shell must not configure a service; MCP_LOG_LEVEL may. */
function withoutServiceSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('MCP_') || name === 'MCP_LOG_LEVEL'),
  );
}

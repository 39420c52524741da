import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startDevPostgres } from '@gantry/dev-postgres';
import type { JSONWebKeySet } from 'jose';
import { startAuthorizationServer } from './authorization/authorization-server.ts';
import { generateSigningKeys } from './authorization/signing-keys.ts';
import { buildServices } from './build.ts';
import { callToolPatiently } from './call-tool.ts';
import { demoClients, requestDemoToken } from './demo-client.ts';
import { assertPortsFree } from './ports.ts';
import type { Progress } from './progress.ts';
import { addressOf, issuerOf, type ServiceAddress } from './service-address.ts';
import { ServiceProcess, type ServiceProcessOptions } from './service-process.ts';
import { serviceClients } from './service-client.ts';
import { prepareService } from './service-setup.ts';
import type { ServiceEntry } from './service-entry.ts';
import { startSimulator } from './simulator.ts';
import { lineLog, type Site } from './site.ts';
import { AUTHORIZATION_PORT_OFFSET, POSTGRES_PORT_OFFSET } from './stack-settings.ts';

/** How many steps {@link startStack} reports. */
export const STACK_STEPS = 6;

/** A service of a running stack. */
export interface StackService {
  readonly entry: ServiceEntry;
  readonly address: ServiceAddress;
  /** Of the demo client. */
  readonly token: string;
  /** Rejects as soon as its process, or that of its simulator, ends. */
  readonly failure: () => Promise<never>;
}

/**
 * Starts everything that `make serve` serves: Postgres, the authorization server, the services with their
 * databases and simulators, and demo data. What was started is in `site.closers`, also when this throws half-way.
 */
export async function startStack(
  site: Site,
  services: readonly ServiceEntry[],
  progress: Progress,
  signal: AbortSignal,
): Promise<StackService[]> {
  const step: Progress['step'] = (...args) => {
    signal.throwIfAborted();
    return progress.step(...args);
  };
  await assertPortsFree(claims(site, services));
  await step('Build', () => buildServices(services, site, signal));
  // The first one makes what all databases share: roles.
  const isFirstRun = !existsSync(join(site.settings.stateDirectory, 'postgres'));
  const postgresUrl = await step('Postgres', () => startPostgres(site));
  await step('Authorization server', () => startAuthorization(site, services));
  const prepare = (entry: ServiceEntry) => prepareService(entry, site, postgresUrl, signal);
  const prepared = await step('Databases', () =>
    isFirstRun ? inTurn(services, prepare) : Promise.all(services.map(prepare)),
  );
  const started = await step('Services', () =>
    // Also those that call others: to be ready, none needs another one.
    Promise.all(services.map((entry, index) => startService(entry, prepared[index]!, site, signal))),
  );
  await step(
    'Demo data',
    () => inTurn(started, (service) => seed(service, signal)),
    (notes) => notes.join('; '),
  );
  return started;
}

function claims({ settings }: Site, services: readonly ServiceEntry[]) {
  return [
    { port: settings.portBase + AUTHORIZATION_PORT_OFFSET, name: 'the authorization server' },
    { port: settings.portBase + POSTGRES_PORT_OFFSET, name: 'Postgres' },
    ...services
      .flatMap((entry) => (entry.simulator ? [entry, entry.simulator] : [entry]))
      .map((entry) => ({ port: addressOf(entry, settings).port, name: entry.name })),
  ];
}

async function startPostgres(site: Site): Promise<string> {
  const postgres = await startDevPostgres({
    directory: join(site.settings.stateDirectory, 'postgres'),
    port: site.settings.portBase + POSTGRES_PORT_OFFSET,
    onLog: lineLog(site, 'postgres'),
  });
  site.closers.push(() => postgres.stop());
  return postgres.url;
}

async function startAuthorization(site: Site, services: readonly ServiceEntry[]): Promise<void> {
  const { settings, secrets } = site;
  const newKeys = async () => JSON.stringify(await generateSigningKeys());
  const server = await startAuthorizationServer({
    port: settings.portBase + AUTHORIZATION_PORT_OFFSET,
    resources: services.map((entry) => ({ audience: addressOf(entry, settings).url, scopes: entry.scopes })),
    clients: [
      ...(await demoClients(
        secrets,
        services.flatMap((entry) => entry.scopes),
      )),
      ...(await serviceClients(services, secrets)),
    ],
    signingKeys: JSON.parse(await secrets.keep('signing-keys.json', newKeys)) as JSONWebKeySet,
    cookieKey: await secrets.keep('cookie-key'),
    tokenFile: secrets.path('tokens.json'),
    onLog: lineLog(site, 'authorization'),
  });
  site.closers.push(() => server.close());
}

async function startService(
  entry: ServiceEntry,
  options: ServiceProcessOptions,
  site: Site,
  signal: AbortSignal,
): Promise<StackService> {
  const address = addressOf(entry, site.settings);
  const simulator = entry.simulator && (await startSimulator(entry.simulator, entry, site, signal));
  const service = await ServiceProcess.start(options);
  site.closers.push(() => service.stop());
  const failure = () => Promise.race([service.failure(), ...(simulator ? [simulator.failure()] : [])]);
  await Promise.race([service.ready(`${address.origin}/health/ready`, signal), failure()]);
  const token = await requestDemoToken(issuerOf(site.settings), site.secrets, {
    audience: address.url,
    scopes: entry.scopes,
  });
  return { entry, address, token, failure };
}

async function seed({ entry, address, token, failure }: StackService, signal: AbortSignal): Promise<string> {
  const call = (tool: string, args: Record<string, unknown>) =>
    callToolPatiently(address.url, token, { tool, args }, signal);
  return `${entry.name}: ${await Promise.race([entry.seed(call), failure()])}`;
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

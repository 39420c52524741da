import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { collectSettings, loadConfig, type ModuleReference } from '@gantry/config';
import { ServiceModule } from '@gantry/service';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../src/workspace.ts';
import { COMPOSE, composeFile, type ComposeService } from './compose-file.ts';

/** What nobody can make up. */
const GIVEN = {
  payments_stripe_key: 'sk_test_0123456789abcdef',
  payments_stripe_webhook_secret: 'whsec_0123456789abcdef',
  orders_client_secret: 'a secret',
};
const MOUNTED = '/run/secrets/';

const { services, secrets } = composeFile();
const own = Object.entries(services).filter(([, { image }]) => image.includes('/gantry-'));

let folder: string;
let said: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-compose-'));
  await cp(join(COMPOSE, 'make-secrets.sh'), join(folder, 'make-secrets.sh'));
  said = makeSecrets();
  for (const [name, value] of Object.entries(GIVEN)) writeFileSync(join(folder, 'secrets', name), value);
});
afterAll(() => rm(folder, { recursive: true }));

const makeSecrets = () => execFileSync(join(folder, 'make-secrets.sh'), { encoding: 'utf8' });
const secretsMade = () =>
  new Map(
    readdirSync(join(folder, 'secrets')).map((name) => [
      name,
      readFileSync(join(folder, 'secrets', name), 'utf8'),
    ]),
  );

describe('the Compose file', () => {
  it('migrates before each service', () => {
    const names = own.map(([name]) => name).filter((name) => !name.endsWith('-migration'));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      expect(services[name]!.depends_on).toHaveProperty(
        `${name}-migration.condition`,
        'service_completed_successfully',
      );
  });

  it.each(own)('gives %s an environment that it takes', async (name, service) => {
    const config = loadConfig(await settingsOf(name.replace('-migration', '')), environmentOf(service));
    const issuer = config.describe().find((setting) => setting.name === 'MCP_AUTH_ISSUER');
    expect(issuer).toMatchObject({ value: 'https://login.example.com', source: 'environment' });
    config.close();
  });

  it('has the owners of the tables for migrations alone', () => {
    for (const [name, { secrets: mounted = [] }] of own) {
      const service = name.replace('-migration', '');
      const expected = name === service ? [] : [`${service}_migration_database_url`];
      expect(mounted.filter((secret) => secret.includes('migration'))).toEqual(expected);
    }
  });
});

describe('make-secrets.sh', () => {
  it('makes what can be made up, and names the rest', () => {
    const named = said.split('\n').map((line) => line.replace(/^missing: (secrets\/)?/, ''));
    expect(named.filter(Boolean)).toEqual([...Object.keys(GIVEN), 'tls/tls.crt', 'tls/tls.key']);
    expect([...secretsMade().keys()].sort()).toEqual(Object.keys(secrets).sort());
    for (const [name, { file }] of Object.entries(secrets)) expect(file).toBe(`secrets/${name}`);
  });

  it('makes each once, and no two alike', () => {
    const before = secretsMade();
    makeSecrets();
    expect(secretsMade()).toEqual(before);
    expect(new Set(before.values()).size).toBe(before.size);
  });

  it('keeps them from everybody else on the machine, but not from the user of a container', () => {
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'secrets/postgres_password')).mode & 0o777).toBe(0o644);
  });
});

/** As its process gets it; secrets lie elsewhere here. */
function environmentOf({ environment, secrets: mounted = [] }: ComposeService): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (!value.startsWith(MOUNTED)) return [name, value];
      const secret = value.slice(MOUNTED.length);
      expect(mounted).toContain(secret);
      return [name, join(folder, 'secrets', secret)];
    }),
  );
}

/** By path: an app is deployed, not imported, so its package has no entry. */
async function settingsOf(service: string) {
  const exported = (await import(join(ROOT, 'apps', service, 'src/index.ts'))) as Record<string, unknown>;
  const [, module] = Object.entries(exported).find(([name]) => name.endsWith('Module'))!;
  const root: ModuleReference = { module: ServiceModule, imports: [module as ModuleReference] };
  return collectSettings(root);
}

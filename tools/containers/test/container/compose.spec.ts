import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectModern, startIssuer, waitFor, type TestIssuer } from '@gantry/testing';
import { randomBytes } from 'node:crypto';
import { buildImage } from '../../src/image.ts';
import { serviceNamed } from '../../src/workspace.ts';
import { ComposeProject, describeWithCompose, openToContainers } from './compose.ts';
import { composeFile } from '../compose-file.ts';
import { docker, inspect } from './docker.ts';
import { SERVICES } from './services.ts';

const NAMES = SERVICES.map(({ name }) => name);

describeWithCompose('the Compose file, without its gateway', () => {
  let issuer: TestIssuer;
  let opened: Awaited<ReturnType<typeof openToContainers>>;
  let compose: ComposeProject;
  const containers = new Map<string, string>();

  beforeAll(async () => {
    for (const name of NAMES) buildImage(serviceNamed(name), process.env);
    issuer = await startIssuer();
    opened = await openToContainers(Number(new URL(issuer.url).port));
    const password = randomBytes(12).toString('hex');
    compose = await ComposeProject.prepare(
      {
        postgres_password: password,
        payments_stripe_key: 'sk_test_0123456789abcdef',
        payments_stripe_webhook_secret: 'whsec_0123456789abcdef',
        orders_client_secret: 'a secret',
      },
      { MCP_AUTH_ISSUER: issuer.url },
      override(issuer.jwksUrl.replace(/127\.0\.0\.1:\d+/, `issuer:${opened.port}`), password),
    );
    compose.run('up', '--detach', ...NAMES);
    for (const name of [...NAMES, 'postgres']) containers.set(name, compose.container(name));
  });
  afterAll(async () => {
    await compose?.[Symbol.asyncDispose]();
    opened?.close();
    await issuer?.close();
  });

  it('makes the databases, migrates them and starts every service', async () => {
    for (const name of NAMES)
      await waitFor(() => inspect(containers.get(name)!, '.State.Health.Status') === 'healthy', 60_000);
  });

  it.each(SERVICES)('serves $name from its own database', async ({ name, scopes, call, answer }) => {
    const audience = `https://${name}.example.com/mcp`;
    const token = await issuer.token({ audience, scopes, tenant: 'acme' });
    const client = await connectModern(`http://${compose.address(name)}/mcp`, token);
    expect((await client.callTool(...call)).structuredContent).toMatchObject(answer);
    await client.close();
  });

  it.each(['payments', 'records'])('lets orders reach %s by its name', (neighbour) => {
    const options = `{ method: 'POST', headers: { 'content-type': 'application/json' } }`;
    const request = `fetch('http://${neighbour}:7401/mcp', ${options}).then(({ status }) => console.log(status))`;
    // It is not asked who is calling before the host is allowed, which would be 403.
    expect(docker('exec', containers.get('orders')!, 'node', '--eval', request)).toBe('401');
  });

  it('gives a service no rights over its tables', () => {
    const query = `select distinct tableowner from pg_tables where schemaname = 'public'`;
    const psql = ['psql', '--username=postgres', '--tuples-only', '--csv', `--command=${query}`];
    for (const name of NAMES)
      expect(docker('exec', containers.get('postgres')!, ...psql, `--dbname=${name}`)).toBe(`${name}_owner`);
  });

  it('makes only what is missing of the databases', () => {
    expect(compose.run('run', '--rm', 'databases').split(/\r?\n/)).toEqual(
      NAMES.map((name) => `${name}: ready`),
    );
  });
});

/** The issuer is on this machine's loopback, and so are the services in place of the gateway. */
function override(jwksUrl: string, postgresPassword: string) {
  const shipped = composeFile().services;
  const service = (name: string) => ({
    extra_hosts: ['issuer:host-gateway'],
    environment: {
      MCP_AUTH_JWKS_URL: jwksUrl,
      MCP_AUTH_ALLOW_INSECURE_ISSUER: 'true',
      MCP_ALLOWED_HOSTS: [shipped[name]!.environment['MCP_ALLOWED_HOSTS'], '127.0.0.1']
        .filter(Boolean)
        .join(),
    },
    healthcheck: { interval: '1s' },
    ports: ['127.0.0.1::7401'],
  });
  return {
    services: {
      ...Object.fromEntries(NAMES.map((name) => [name, service(name)])),
      // The image of tools/ci/images does not read the password from a file.
      postgres: { environment: { POSTGRES_PASSWORD_FILE: '', POSTGRES_PASSWORD: postgresPassword } },
    },
  };
}

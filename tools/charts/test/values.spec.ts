import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chartNames } from '../src/folders.ts';
import { Charts, type Values } from './charts.ts';
import { describeWithHelm } from './helm-here.ts';

const PEER = { podSelector: {} };

/** What nobody can have meant, and what Helm has to name; its words differ from release to release. */
const WRONG: readonly [name: string, values: Values, named: string][] = [
  ['a value that there is not', { replicaCount: 3 }, 'replicaCount'],
  ['a misspelt one deeper down', { image: { tagg: '1' } }, 'tagg'],
  ['values for the library chart', { 'gantry-service': { replicas: 3 } }, 'replicas'],
  ['text for a number', { replicas: '3' }, 'replicas'],
  ['a tag that YAML reads as a number', { image: { tag: 1.1 } }, 'tag'],
  ['a digest that is none', { image: { digest: 'latest' } }, 'digest'],
  ['a setting that the service does not know', { settings: { MCP_LOGLEVEL: 'info' } }, 'MCP_LOGLEVEL'],
  ['a setting of another kind', { settings: { MCP_DATABASE_POOL_SIZE: 'many' } }, 'MCP_DATABASE_POOL_SIZE'],
  ['a setting out of its bounds', { settings: { MCP_DATABASE_POOL_SIZE: 0 } }, 'MCP_DATABASE_POOL_SIZE'],
  ['a word that is none of the choices', { settings: { MCP_LOG_LEVEL: 'verbose' } }, 'MCP_LOG_LEVEL'],
  ['what YAML makes of off', { settings: { MCP_RATE_LIMITS: false } }, 'MCP_RATE_LIMITS'],
  ['an address without a scheme', { settings: { MCP_AUTH_ISSUER: 'login.example.com' } }, 'MCP_AUTH_ISSUER'],
  ['a setting that the chart makes', { settings: { MCP_PORT: 8080 } }, 'MCP_PORT'],
  ['a setting of stdio', { settings: { MCP_STDIO_TENANT: 'acme' } }, 'MCP_STDIO_TENANT'],
  ['a secret among the settings', { settings: { MCP_DATABASE_URL: 'postgres://db' } }, 'MCP_DATABASE_URL'],
  ['a secret itself', { secrets: { variables: { MCP_REDIS_URL: 'redis://r' } } }, 'MCP_REDIS_URL'],
  ['a secret that the service does not know', { secrets: { variables: { MCP_TOKEN: {} } } }, 'MCP_TOKEN'],
  [
    'the owner for the service',
    { secrets: { variables: { MCP_MIGRATION_DATABASE_URL: {} } } },
    'MCP_MIGRATION',
  ],
  ['no database', { secrets: { variables: { MCP_DATABASE_URL: null } } }, 'MCP_DATABASE_URL'],
  ['no cursor keys', { secrets: { variables: { MCP_CURSOR_KEYS: null } } }, 'MCP_CURSOR_KEYS'],
  ['a setting past the schema', { extraEnv: [{ name: 'MCP_LOG_LEVEL', value: 'x' }] }, 'extraEnv'],
  ['a secret past the schema', { extraEnv: [{ name: 'MCP_DATABASE_URL', value: 'x' }] }, 'extraEnv'],
  ['an external secret without a store', { externalSecret: { enabled: true } }, 'externalSecret'],
  ['a route to no gateway', { httpRoute: { enabled: true } }, 'parentRefs'],
  ['a budget that lets no pod go', { podDisruptionBudget: { maxUnavailable: 0 } }, 'maxUnavailable'],
  // To Kubernetes an empty list of peers means everybody.
  ['a door without a guard', { networkPolicy: { ingress: { gateway: [] } } }, 'gateway'],
  ['a rule without ports', { networkPolicy: { egress: { all: { to: [PEER] } } } }, 'ports'],
  ['a peer that is none', { networkPolicy: { ingress: { gateway: [{ pod: {} }] } } }, 'pod'],
  ['health for everybody', { exposedPaths: ['/health'] }, 'exposedPaths'],
  ['metrics for everybody', { exposedPaths: ['/metrics/x'] }, 'exposedPaths'],
  ['everything for everybody', { exposedPaths: ['/'] }, 'exposedPaths'],
  ['a drain longer than the service allows', { shutdown: { drainSeconds: 301 } }, 'drainSeconds'],
  ['memory in unknown units', { resources: { limits: { memory: '512MB' } } }, 'memory'],
];

describeWithHelm('the values of a chart', () => {
  let charts: Charts;

  beforeAll(() => {
    charts = new Charts();
  });
  afterAll(() => charts.close());

  it.each(WRONG)('refuse %s', (_, values, named) => {
    expect(() => charts.render('records', values)).toThrow(
      new RegExp(`specifications of the schema[^]*\\b${named}`),
    );
  });

  it.each(chartNames())('of %s refuse a setting that its service does not know', (chart) => {
    expect(() => charts.render(chart, { settings: { MCP_NONE: 1 } })).toThrow('MCP_NONE');
  });

  it.each([
    ['records', ['MCP_AUTH_AUDIENCE', 'MCP_AUTH_ISSUER']],
    ['payments', ['MCP_AUTH_AUDIENCE', 'MCP_AUTH_ISSUER']],
    ['orders', ['MCP_AUTH_CLIENT_ID', 'MCP_REMOTE_PAYMENTS_URL', 'MCP_REMOTE_RECORDS_URL']],
  ])('of %s say all that has to be there: %j', (chart, missing) => {
    for (const name of missing) expect(() => charts.renderBare(chart)).toThrow(name);
  });

  it.each([
    ['payments', 'MCP_PAYMENTS_STRIPE_KEY'],
    ['orders', 'MCP_AUTH_CLIENT_SECRET'],
  ])('of %s are not complete without %s', (chart, secret) => {
    expect(() => charts.render(chart, { secrets: { variables: { [secret]: null } } })).toThrow(secret);
  });

  it('take variables of plugins, which no schema knows', () => {
    const manifests = charts.render('records', { extraEnv: [{ name: 'MCP_ACME_KEY', value: 'x' }] });

    expect(JSON.stringify(manifests)).toContain('MCP_ACME_KEY');
  });
});

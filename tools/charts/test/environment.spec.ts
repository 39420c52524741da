import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chartNames } from '../src/folders.ts';
import { settingsOf } from '../src/service-settings.ts';
import { chartVariables } from '../src/variables.ts';
import { Charts, type Values } from './charts.ts';
import { describeWithHelm } from './helm-here.ts';
import type { Secrets } from './kubelet.ts';
import { podsOf } from './manifest.ts';
import { startPods } from './started-pods.ts';

describeWithHelm('the environment that a chart gives', () => {
  let charts: Charts;

  beforeAll(() => {
    charts = new Charts();
  });
  afterAll(() => charts.close());

  const start = (chart: string, values?: Values, secrets?: Secrets) =>
    startPods(chart, charts.render(chart, values), secrets);
  const variablesOf = async (chart: string) => chartVariables(await settingsOf(chart));

  it.each(chartNames())('has the owner of the tables of %s for the migration alone', async (chart) => {
    const { Deployment, Job } = await start(chart);

    expect(Job!.settings['MCP_MIGRATION_DATABASE_URL']).toMatchObject({ source: 'file' });
    expect(Deployment!.settings['MCP_MIGRATION_DATABASE_URL']).toMatchObject({ value: undefined });
    const server = podsOf(charts.render(chart)).find(({ owner }) => owner.kind === 'Deployment');
    expect(JSON.stringify(server)).not.toMatch(/migration/i);
  });

  it.each(chartNames())('has the secrets of %s in files alone', async (chart) => {
    const { secrets } = await variablesOf(chart);

    for (const { env } of Object.values(await start(chart))) {
      for (const { name } of secrets) expect(env).not.toHaveProperty(name);
      expect(env).toHaveProperty('MCP_REDIS_URL_FILE');
    }
  });

  it('lets secrets rotate: the kubelet replaces only files that are mounted with their folder', () => {
    for (const { spec } of podsOf(charts.render('payments')))
      for (const mount of spec.containers[0]!.volumeMounts) expect(mount).not.toHaveProperty('subPath');
  });

  it.each(chartNames())('says every setting of %s in the words of the service', async (chart) => {
    const defaults = (await variablesOf(chart)).settings
      .map(({ name, schema }) => [name, schema.safeParse(undefined).data] as const)
      .filter(([, value]) => typeof value === 'number' || typeof value === 'string');

    const { Deployment } = await start(chart, { settings: Object.fromEntries(defaults) });

    expect(defaults.length).toBeGreaterThan(20);
    for (const [name, value] of defaults) expect(Deployment!.env).toHaveProperty(name, String(value));
  });

  it('says large numbers without exponents, and truth as the service does', async () => {
    const settings = { MCP_MAX_BODY_BYTES: 16_777_216, MCP_AUTH_ALLOW_INSECURE_ISSUER: true };

    const { Deployment } = await start('records', { settings });

    expect(Deployment!.env).toMatchObject({
      MCP_MAX_BODY_BYTES: '16777216',
      MCP_AUTH_ALLOW_INSECURE_ISSUER: 'true',
    });
  });

  it('is missed aloud where a Secret does not hold what the chart asks for', async () => {
    await expect(start('records', {}, new Map())).rejects.toThrow(
      'The Secret records has no MCP_CURSOR_KEYS.',
    );
  });
});

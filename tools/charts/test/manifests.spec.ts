import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chartNames } from '../src/folders.ts';
import { Charts } from './charts.ts';
import { describeWithHelm } from './helm-here.ts';
import { findingsOf } from './kubernetes-types.ts';
import { only, podsOf, type Manifest } from './manifest.ts';
import { VARIANTS } from './variants.ts';

describeWithHelm('the manifests', () => {
  let charts: Charts;

  beforeAll(() => {
    charts = new Charts();
  });
  afterAll(() => charts.close());

  it.each(chartNames())('of %s have names that fit, however long the release is called', async (chart) => {
    const manifests = charts.render(chart, VARIANTS['all at once'], 'r'.repeat(53));
    const long = charts.render(chart, {}, 'r'.repeat(53));

    for (const { metadata } of [...manifests, ...long]) expect(metadata.name.length).toBeLessThanOrEqual(63);
    expect((await Promise.all(long.map(findingsOf))).flat()).toEqual([]);
  });

  it('have an account of their own for migrating', () => {
    const accounts = podsOf(charts.render('records')).map(({ spec }) => spec.serviceAccountName);

    expect(accounts.sort()).toEqual(['records', 'records-migration']);
  });

  it.each([
    [{}, 'ghcr.io/gantry-mcp/gantry-records:0.1.0'],
    [{ tag: '0.2.0' }, 'ghcr.io/gantry-mcp/gantry-records:0.2.0'],
    [
      { repository: 'registry.example.com/records', digest: `sha256:${'1'.repeat(64)}` },
      `registry.example.com/records@sha256:${'1'.repeat(64)}`,
    ],
  ])('run the image that %j names, serving and migrating', (image, expected) => {
    for (const { spec } of podsOf(charts.render('records', { image })))
      expect(spec.containers[0]).toMatchObject({ image: expected });
  });

  it('are told from what Kubernetes would refuse', async () => {
    const deployment = only(charts.render('records'), 'Deployment');
    const broken = structuredClone(deployment);
    broken.spec.replicas = '3';
    broken.spec.template.spec.containers[0].securityContext.readOnlyRootFileSystem = true;

    expect(await findingsOf(broken)).toEqual([expect.stringContaining('spec/replicas must be integer')]);
    broken.spec.replicas = 3;
    expect(await findingsOf(broken)).toEqual([
      '/spec/template/spec/containers/0/securityContext/readOnlyRootFileSystem: unknown field',
    ]);
    expect(await findingsOf({ ...deployment, sepc: {} } as Manifest)).toEqual(['/sepc: unknown field']);
    const monitor = only(charts.render('records', { serviceMonitor: { enabled: true } }), 'ServiceMonitor');
    expect(await findingsOf({ ...monitor, spec: { ...monitor.spec, endpoint: [] } })).toHaveLength(1);
  });
});

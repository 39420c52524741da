import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartNames, ROOT } from '../src/folders.ts';
import { Charts, type Values } from './charts.ts';
import { describeWithHelm } from './helm-here.ts';
import { externalSecrets } from './kubelet.ts';
import { hookWeight, only, podsOf } from './manifest.ts';
import { VARIANTS } from './variants.ts';

describeWithHelm('an upgrade', () => {
  let charts: Charts;

  beforeAll(() => {
    charts = new Charts();
  });
  afterAll(() => charts.close());

  const serverOf = (chart: string, values: Values) =>
    podsOf([only(charts.render(chart, values), 'Deployment')])[0]!;

  it('lets the migration reach the database and nothing else', () => {
    const policy = charts
      .render('payments')
      .find((manifest) => manifest.kind === 'NetworkPolicy' && hookWeight(manifest) !== undefined)!;

    expect(policy.spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(policy.spec.ingress).toBeUndefined();
    expect(
      policy.spec.egress.flatMap(({ ports }: { ports: { port: number }[] }) => ports.map(({ port }) => port)),
    ).toEqual([53, 53, 5432]);
  });

  it('keeps the owner of the tables out of what the service is given by an ExternalSecret', () => {
    const manifests = charts.render('records', VARIANTS['external secret']);
    const ofService = externalSecrets(
      manifests.filter((manifest) => hookWeight(manifest) === undefined),
      () => '',
    );

    expect([...ofService.keys()]).toEqual(['records']);
    expect(Object.keys(ofService.get('records')!)).not.toContain('MCP_MIGRATION_DATABASE_URL');
    const entries = manifests
      .filter(({ kind }) => kind === 'ExternalSecret')
      .flatMap(({ spec }) => spec.data as { secretKey: string; remoteRef: { key: string } }[])
      .filter(({ secretKey }) => secretKey === 'MCP_MIGRATION_DATABASE_URL');
    expect(entries.map(({ remoteRef }) => remoteRef.key)).toEqual(['gantry/owner']);
  });

  it('gives up on wrong settings at once, and before Helm does on anything else', () => {
    const { spec } = charts.render('records').find(({ kind }) => kind === 'Job')!;

    expect(spec.podFailurePolicy.rules[0]).toMatchObject({
      action: 'FailJob',
      onExitCodes: { values: [78] },
    });
    expect(spec.template.spec.restartPolicy).toBe('Never');
    // Helm waits five minutes unless told otherwise.
    expect(spec.activeDeadlineSeconds).toBeLessThan(300);
  });

  it.each(chartNames())('replaces the pods of %s when a setting has changed, and only then', (chart) => {
    const before = serverOf(chart, {}).annotations;
    const after = serverOf(chart, { settings: { MCP_LOG_LEVEL: 'debug' } }).annotations;
    const unrelated = serverOf(chart, { autoscaling: { maxReplicas: 9 } }).annotations;

    expect(before['checksum/config']).toMatch(/^[0-9a-f]{64}$/);
    expect(after['checksum/config']).not.toBe(before['checksum/config']);
    expect(unrelated).toEqual(before);
  });

  it('never has fewer replicas than before, and leaves their number to the autoscaler', () => {
    const { spec } = only(charts.render('records'), 'Deployment');

    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    expect(spec).not.toHaveProperty('replicas');
    const fixed = only(
      charts.render('records', { autoscaling: { enabled: false }, replicas: 4 }),
      'Deployment',
    );
    expect(fixed.spec.replicas).toBe(4);
  });

  it('never changes a selector, which Kubernetes would refuse', () => {
    const selector = (values: Values) => only(charts.render('records', values), 'Deployment').spec.selector;

    expect(selector(VARIANTS['all at once']!)).toEqual(selector({}));
    expect(selector({}).matchLabels).toEqual({
      'app.kubernetes.io/name': 'records',
      'app.kubernetes.io/instance': 'records',
      'app.kubernetes.io/component': 'server',
    });
  });

  it.each(chartNames())('lets every call that %s is working on come to its end', (chart) => {
    const contract = join(ROOT, 'apps', chart, 'contract');
    const promises = readdirSync(contract).map((file) => readFileSync(join(contract, file), 'utf8'));
    const longest = Math.max(...promises.flatMap((promise) => deadlines(JSON.parse(promise))));
    const drain = Number(only(charts.render(chart), 'ConfigMap').data!['MCP_SHUTDOWN_TIMEOUT_MS']);

    expect(longest).toBeGreaterThan(0);
    expect(drain).toBeGreaterThanOrEqual(longest);
  });

  it.each([
    [{}, 60],
    [{ shutdown: { delaySeconds: 15, drainSeconds: 120 } }, 160],
  ])('gives a process the time that it takes to stop: %j', (values, seconds) => {
    const manifests = charts.render('records', values);
    const { spec } = podsOf([only(manifests, 'Deployment')])[0]!;
    const { MCP_SHUTDOWN_DELAY_MS: delay, MCP_SHUTDOWN_TIMEOUT_MS: drain } = only(
      manifests,
      'ConfigMap',
    ).data!;

    expect(spec.terminationGracePeriodSeconds).toBe(seconds);
    expect(spec.terminationGracePeriodSeconds! * 1_000).toBe(Number(delay) + Number(drain) + 25_000);
  });
});

function deadlines(contract: unknown): number[] {
  if (typeof contract !== 'object' || contract === null) return [];
  return Object.entries(contract).flatMap(([key, value]) =>
    key === 'deadlineMs' ? [value as number] : deadlines(value),
  );
}

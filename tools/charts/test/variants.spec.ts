import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Charts } from './charts.ts';
import { describeWithHelm } from './helm-here.ts';
import { hookOrder } from './kubelet.ts';
import { findingsOf } from './kubernetes-types.ts';
import { hookWeight, only, podsOf, type Manifest } from './manifest.ts';
import { looseEnds } from './pod-security.ts';
import { startPods } from './started-pods.ts';
import { ALL, LEAST } from './variants.ts';

/** What holds whatever an operator asks for. In one file, so that each variant is rendered once. */
describeWithHelm('a chart', () => {
  let charts: Charts;

  beforeAll(() => {
    charts = new Charts();
  });
  afterAll(() => charts.close());

  describe.each(ALL)('of $chart: $name', ({ chart, name, values }) => {
    let manifests: Manifest[];

    beforeAll(() => {
      manifests = charts.render(chart, values);
    });

    it('makes objects that Kubernetes takes', async () => {
      const findings = await Promise.all(
        manifests.map(async (manifest) =>
          (await findingsOf(manifest)).map((text) => `${manifest.kind}${text}`),
        ),
      );

      expect(findings.flat()).toEqual([]);
      expect(new Set(manifests.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['shop']));
    });

    it('makes objects with names of their own', () => {
      const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

      expect(new Set(names).size).toBe(names.length);
    });

    it('selects the pods of the service, and not those of the migration', () => {
      const [server] = podsOf([only(manifests, 'Deployment')]);
      const selectors = manifests
        .filter((manifest) => hookWeight(manifest) === undefined)
        .flatMap(selectorsOf);
      const jobs = podsOf(manifests).filter(({ owner }) => owner.kind === 'Job');

      expect(selectors.length).toBeGreaterThan(1);
      for (const selector of selectors) {
        expect(server!.labels).toMatchObject(selector);
        for (const { labels } of jobs) expect(labels).not.toMatchObject(selector);
      }
    });

    it('makes pods that may do what they must and nothing else', () => {
      expect(podsOf(manifests).flatMap(({ spec, owner }) => looseEnds(spec, owner))).toEqual([]);
      for (const account of manifests.filter(({ kind }) => kind === 'ServiceAccount'))
        expect(account.automountServiceAccountToken).toBe(false);
      expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
    });

    it('gives the service settings that it takes, serving and migrating', async () => {
      const pods = await startPods(chart, manifests);

      expect(Object.keys(pods)).toContain('Deployment');
      for (const { settings } of Object.values(pods)) {
        expect(settings['MCP_DATABASE_URL']).toMatchObject({ source: 'file' });
        expect(settings['MCP_AUTH_ISSUER']).toMatchObject({ value: 'https://login.example.com' });
      }
    });

    it('migrates before anything else, with all that it takes', () => {
      const hooks = hookOrder(manifests.filter((manifest) => hookWeight(manifest) !== undefined));

      expect(hooks.at(-1)?.kind).toBe(name === LEAST ? undefined : 'Job');
      for (const { metadata } of hooks) {
        expect(metadata.annotations!['helm.sh/hook']).toBe('pre-install,pre-upgrade');
        // Else the next upgrade would fail on what this one has left.
        expect(metadata.annotations!['helm.sh/hook-delete-policy']).toContain('before-hook-creation');
      }
    });
  });

  it.each(ALL.filter(({ name }) => ['no Redis', 'all at once'].includes(name)))(
    'of $chart passes strict lint: $name',
    ({ chart, values }) => {
      expect(charts.lint(chart, values)).toContain('0 chart(s) failed');
    },
  );
});

function selectorsOf({ kind, spec }: Manifest): Record<string, string>[] {
  if (kind === 'Service') return [spec.selector];
  if (kind === 'NetworkPolicy') return [spec.podSelector.matchLabels];
  if (['Deployment', 'PodDisruptionBudget', 'ServiceMonitor'].includes(kind))
    return [spec.selector.matchLabels];
  return [];
}

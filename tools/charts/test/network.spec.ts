import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { chartNames, ROOT } from '../src/folders.ts';
import { Charts, type Values } from './charts.ts';
import { describeWithHelm } from './helm-here.ts';
import { only, podsOf, type Manifest } from './manifest.ts';
import { accepts, mayConnect, type Peer } from './network.ts';
import { VARIANTS } from './variants.ts';

const PORT = 7401;
const GATEWAY: Peer = { namespace: 'gateway', labels: {} };
const PROMETHEUS: Peer = { namespace: 'monitoring', labels: {} };
const STRANGER: Peer = { namespace: 'shop', labels: { app: 'stranger' } };
const DNS: Peer = { namespace: 'kube-system', labels: {} };
const OUTSIDE: Peer = { address: '203.0.113.7' };

describeWithHelm('the network of a service', () => {
  let charts: Charts;

  beforeAll(() => {
    charts = new Charts();
  });
  afterAll(() => charts.close());

  const policyOf = (chart: string, values?: Values) => only(charts.render(chart, values), 'NetworkPolicy');
  const pod = (chart: string): Peer => ({
    namespace: 'shop',
    labels: podsOf([only(charts.render(chart), 'Deployment')])[0]!.labels,
  });
  const connects = (from: string, to: string) =>
    mayConnect(policyOf(from), pod(to), PORT) && accepts(policyOf(to), pod(from));

  it.each([
    ['orders', 'payments', true],
    ['orders', 'records', true],
    ['payments', 'orders', false],
    ['payments', 'records', false],
    ['records', 'orders', false],
    ['records', 'payments', false],
  ])('leads from %s to %s: %s', (from, to, expected) => {
    expect(connects(from, to)).toBe(expected);
  });

  it.each(chartNames())('lets the gateway and Prometheus in to %s, and nobody else', (chart) => {
    const policy = policyOf(chart);

    expect([GATEWAY, PROMETHEUS, STRANGER, OUTSIDE].map((peer) => accepts(policy, peer))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    for (const rule of policy.spec.ingress) expect(rule.ports).toEqual([{ port: 'http' }]);
  });

  it.each(chartNames())(
    'leads from %s to DNS, Postgres, Redis and the issuer, and to no other port',
    (chart) => {
      const policy = policyOf(chart);

      expect(mayConnect(policy, DNS, 53, 'UDP')).toBe(true);
      expect(mayConnect(policy, OUTSIDE, 53, 'UDP')).toBe(false);
      for (const port of [5432, 6379, 443]) expect(mayConnect(policy, OUTSIDE, port)).toBe(true);
      for (const port of [22, 80, 4318, 8080]) expect(mayConnect(policy, OUTSIDE, port)).toBe(false);
    },
  );

  it('leads to Stripe from payments alone, where the addresses of the issuer are known', () => {
    const issuer = { networkPolicy: { egress: { issuer: { to: [{ ipBlock: { cidr: '10.2.0.7/32' } }] } } } };

    const reaching = chartNames().filter((chart) => mayConnect(policyOf(chart, issuer), OUTSIDE, 443));
    expect(reaching).toEqual(['payments']);
  });

  it('leads to the collector and to Redis only if there is one', () => {
    expect(mayConnect(policyOf('records', VARIANTS['monitoring']), OUTSIDE, 4318)).toBe(true);
    expect(mayConnect(policyOf('records', VARIANTS['no Redis']), OUTSIDE, 6379)).toBe(false);
  });

  it.each(chartNames())('has the port of %s in all places', (chart) => {
    const manifests = charts.render(chart);
    const [container] = podsOf([only(manifests, 'Deployment')])[0]!.spec.containers;

    expect(only(manifests, 'ConfigMap').data).toMatchObject({ MCP_PORT: String(PORT) });
    expect(container!['ports']).toEqual([{ name: 'http', containerPort: PORT }]);
    expect(only(manifests, 'Service').spec.ports[0]).toMatchObject({ port: 80, targetPort: 'http' });
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(container![probe]).toMatchObject({ httpGet: { port: 'http' } });
  });

  it('is addressed by names that the service takes: other services do not know it by its public one', () => {
    const { data } = only(charts.render('payments'), 'ConfigMap');

    expect(data!['MCP_ALLOWED_HOSTS']!.split(',')).toEqual(
      expect.arrayContaining([
        'payments',
        'payments.shop',
        'payments.shop.svc',
        'payments.shop.svc.cluster.local',
      ]),
    );
  });

  it('shows clients outside what is for them, by the name that their tokens are for', async () => {
    const { STRIPE_WEBHOOK_PATH } = (await import(
      pathToFileURL(join(ROOT, 'apps/payments/src/webhooks/stripe-webhook.ts')).href
    )) as { STRIPE_WEBHOOK_PATH: string };
    const expected = ['/mcp', '/.well-known/oauth-protected-resource'];

    for (const chart of chartNames()) {
      const paths = chart === 'payments' ? [...expected, `/${STRIPE_WEBHOOK_PATH}`] : expected;
      const manifests = charts.render(chart, VARIANTS['all at once']);
      expect(exposed(only(manifests, 'Ingress'))).toEqual({ host: `${chart}.example.com`, paths });
      const { hostnames, rules } = only(manifests, 'HTTPRoute').spec;
      expect(hostnames).toEqual([`${chart}.example.com`]);
      expect(rules[0].matches.map(({ path }: { path: { value: string } }) => path.value)).toEqual(paths);
    }
  });

  it('is as open as the cluster if nobody wants a policy', () => {
    const manifests = charts.render('records', { networkPolicy: { enabled: false } });

    expect(manifests.map(({ kind }) => kind)).not.toContain('NetworkPolicy');
  });
});

function exposed({ spec }: Manifest) {
  const [rule] = spec.rules as { host: string; http: { paths: { path: string }[] } }[];
  return { host: rule!.host, paths: rule!.http.paths.map(({ path }) => path) };
}

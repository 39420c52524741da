import { chartNames } from '../src/folders.ts';
import type { Values } from './charts.ts';

const EXTERNAL_SECRET = {
  enabled: true,
  store: { name: 'vault' },
  key: 'gantry/app',
  migrationKey: 'gantry/owner',
};
const PARENT = { name: 'public', namespace: 'gateway', sectionName: 'https' };

/** The variant without anything that can be left out, migrations included. */
export const LEAST = 'the least';

/** What an operator may ask for, beyond the least. Every chart is rendered with each of them. */
export const VARIANTS: Readonly<Record<string, Values>> = {
  minimal: {},
  ingress: { ingress: { enabled: true, className: 'nginx', tlsSecret: 'tls', annotations: { a: 'b' } } },
  'ingress for another host': { ingress: { enabled: true, host: 'mcp.example.net' } },
  'HTTP route': { httpRoute: { enabled: true, parentRefs: [PARENT] } },
  'HTTP route with the timeout of the gateway': {
    httpRoute: { enabled: true, parentRefs: [PARENT], hostnames: ['mcp.example.net'], requestTimeout: '' },
  },
  'external secret': { externalSecret: EXTERNAL_SECRET },
  'secrets from elsewhere': {
    secrets: {
      existingSecret: 'all-secrets',
      variables: {
        MCP_DATABASE_URL: { existingSecret: 'database-app', key: 'uri' },
        MCP_CURSOR_KEYS: { key: 'cursor-keys' },
      },
    },
    migrations: { existingSecret: 'database-owner' },
  },
  'external secret beside one from elsewhere': {
    externalSecret: EXTERNAL_SECRET,
    secrets: { variables: { MCP_DATABASE_URL: { existingSecret: 'database-app', key: 'uri' } } },
  },
  'no Redis': { secrets: { variables: { MCP_REDIS_URL: null } } },
  monitoring: {
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' }, interval: '15s' },
    prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
    settings: { MCP_OTLP_ENDPOINT: 'http://collector.monitoring:4318', MCP_TRACES_SAMPLE_RATIO: 0.25 },
  },
  [LEAST]: {
    autoscaling: { enabled: false },
    podDisruptionBudget: { enabled: false },
    networkPolicy: { enabled: false },
    migrations: { enabled: false },
    resources: null,
  },
  'all at once': {
    fullnameOverride: 'shop-service',
    image: { digest: `sha256:${'0'.repeat(64)}`, pullPolicy: 'Always', pullSecrets: [{ name: 'registry' }] },
    settings: { MCP_OTLP_ENDPOINT: 'http://collector:4318', MCP_MAX_BODY_BYTES: 16_777_216, MCP_HOST: '::' },
    externalSecret: EXTERNAL_SECRET,
    migrations: { serviceAccount: { annotations: { 'iam.example.com/role': 'owner' } } },
    podDisruptionBudget: { maxUnavailable: '25%' },
    resources: { limits: { cpu: 2, memory: '1Gi' } },
    topologySpread: 'DoNotSchedule',
    nodeSelector: { pool: 'services' },
    tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'services', effect: 'NoSchedule' }],
    affinity: { nodeAffinity: {} },
    priorityClassName: 'high',
    podAnnotations: { 'example.com/team': 'shop' },
    podLabels: { team: 'shop' },
    serviceAccount: { annotations: { 'iam.example.com/role': 'service' } },
    service: { port: 8080, annotations: { 'example.com/note': 'x' } },
    extraEnv: [
      { name: 'NODE_EXTRA_CA_CERTS', value: '/etc/ca/ca.crt' },
      { name: 'OTEL_EXPORTER_OTLP_HEADERS', valueFrom: { secretKeyRef: { name: 'otlp', key: 'headers' } } },
    ],
    extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
    extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ca', readOnly: true }],
    networkPolicy: {
      ingress: { prometheus: null, agents: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
      egress: { postgres: { to: [{ ipBlock: { cidr: '10.2.0.7/32' } }] } },
    },
    ingress: { enabled: true },
    httpRoute: { enabled: true, parentRefs: [PARENT], annotations: { a: 'b' } },
    serviceMonitor: { enabled: true },
    prometheusRule: { enabled: true },
  },
};

/** Each chart with each of them. */
export const ALL = chartNames().flatMap((chart) =>
  Object.entries(VARIANTS).map(([name, values]) => ({ chart, name, values })),
);

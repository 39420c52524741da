import { z } from 'zod';
import type { Manifest } from './manifest.ts';

// The parts that the charts use of types which come with operators and not with Kubernetes, after their API references:
// https://prometheus-operator.dev/docs/api-reference/api/, https://external-secrets.io/latest/api/externalsecret/,
// https://gateway-api.sigs.k8s.io/reference/spec/.

const texts = z.record(z.string(), z.string());
const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
const duration = z.string().regex(/^(\d+(ms|s|m|h))+$/);
const port = z.number().int().min(1).max(65_535);
const selector = z.strictObject({ matchLabels: texts });

const metadata = z.strictObject({
  name,
  namespace: name,
  labels: texts,
  annotations: texts.optional(),
});

function resource<Spec extends z.ZodType>(apiVersion: string, kind: string, spec: Spec) {
  return z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata, spec });
}

const rule = z.xor([
  z.strictObject({ record: z.string(), expr: z.string(), labels: texts.optional() }),
  z.strictObject({
    alert: z.string(),
    expr: z.string(),
    for: duration.optional(),
    keep_firing_for: duration.optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
  }),
]);

const RESOURCES: Readonly<Record<string, z.ZodType>> = {
  ServiceMonitor: resource(
    'monitoring.coreos.com/v1',
    'ServiceMonitor',
    z.strictObject({
      jobLabel: z.string(),
      selector,
      endpoints: z.array(z.strictObject({ port: z.string(), path: z.string(), interval: duration })).min(1),
    }),
  ),
  PrometheusRule: resource(
    'monitoring.coreos.com/v1',
    'PrometheusRule',
    z.strictObject({
      groups: z
        .array(
          z.strictObject({ name: z.string(), interval: duration.optional(), rules: z.array(rule).min(1) }),
        )
        .min(1),
    }),
  ),
  ExternalSecret: resource(
    'external-secrets.io/v1',
    'ExternalSecret',
    z.strictObject({
      refreshInterval: duration,
      secretStoreRef: z.strictObject({ name, kind: z.enum(['SecretStore', 'ClusterSecretStore']) }),
      target: z.strictObject({ name }),
      data: z
        .array(
          z.strictObject({
            secretKey: z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/),
            remoteRef: z.strictObject({ key: z.string().min(1), property: z.string() }),
          }),
        )
        .min(1),
    }),
  ),
  HTTPRoute: resource(
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    z.strictObject({
      parentRefs: z
        .array(
          z.strictObject({
            group: z.string().optional(),
            kind: z.string().optional(),
            name,
            namespace: name.optional(),
            sectionName: name.optional(),
            port: port.optional(),
          }),
        )
        .min(1),
      hostnames: z.array(z.string().regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)).min(1),
      rules: z
        .array(
          z.strictObject({
            matches: z
              .array(
                z.strictObject({
                  path: z.strictObject({
                    type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']),
                    value: z.string().startsWith('/'),
                  }),
                }),
              )
              .max(64),
            timeouts: z.strictObject({ request: duration }).optional(),
            backendRefs: z.array(z.strictObject({ name, port })).min(1),
          }),
        )
        .min(1),
    }),
  ),
};

/** The schema of an object that is not one of Kubernetes' own. */
export function customResource({ kind }: Manifest): z.ZodType | undefined {
  return RESOURCES[kind];
}

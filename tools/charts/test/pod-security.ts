import type { Manifest, PodSpec } from './manifest.ts';

/** What the Pod Security Standard "restricted" lets a pod mount. */
const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'projected',
  'secret',
];

/** What a pod may do without having to. */
export function looseEnds(pod: PodSpec, { metadata }: Manifest): string[] {
  const { securityContext: own = {} } = pod as { securityContext?: Record<string, unknown> };
  const rules: Record<string, boolean> = {
    'runs as root': own['runAsNonRoot'] === true && own['runAsUser'] === 65532,
    'has no group of its own': own['fsGroup'] === 65532,
    'has no seccomp profile': JSON.stringify(own['seccompProfile']) === '{"type":"RuntimeDefault"}',
    'has a token of the cluster': pod['automountServiceAccountToken'] === false,
    // A Service called mcp-… would give the pod a variable that the process refuses.
    'has variables of other Services': pod['enableServiceLinks'] === false,
    'is in the network of its node': !('hostNetwork' in pod || 'hostPID' in pod || 'hostIPC' in pod),
    'mounts what it should not': pod.volumes.every(({ name: _, ...source }) =>
      Object.keys(source).every((kind) => RESTRICTED_VOLUMES.includes(kind)),
    ),
    'lets everybody read its secrets': pod.volumes.every(
      ({ projected }) => projected === undefined || projected.defaultMode === 0o440,
    ),
    'has containers that may do more': pod.containers.every(
      ({ securityContext }) =>
        JSON.stringify(securityContext) ===
        '{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}}',
    ),
  };
  return Object.entries(rules)
    .filter(([, isKept]) => !isKept)
    .map(([finding]) => `${metadata.name} ${finding}`);
}

/** An object for the cluster, as far as tests look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has a spec of its own, which the types check
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
  readonly automountServiceAccountToken?: boolean;
}

/** What the specification of a pod says, as far as tests look into it. */
export interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly ContainerSpec[];
  readonly volumes: readonly VolumeSpec[];
  readonly terminationGracePeriodSeconds?: number;
  readonly [field: string]: unknown;
}

export interface ContainerSpec {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [field: string]: unknown;
}

export interface VolumeSpec {
  readonly name: string;
  readonly projected?: {
    readonly defaultMode: number;
    readonly sources: readonly {
      readonly secret: { readonly name: string; readonly items: readonly { key: string; path: string }[] };
    }[];
  };
  readonly [field: string]: unknown;
}

/** When Helm creates an object: as a hook of this weight, or after all hooks. */
export function hookWeight({ metadata }: Manifest): number | undefined {
  const hook = metadata.annotations?.['helm.sh/hook'];
  return hook === undefined ? undefined : Number(metadata.annotations?.['helm.sh/hook-weight'] ?? 0);
}

/** The pods that the objects make: the template of each workload. */
export function podsOf(manifests: readonly Manifest[]) {
  return manifests
    .filter(({ kind }) => ['Deployment', 'Job'].includes(kind))
    .map((owner) => ({
      owner,
      labels: owner.spec.template.metadata.labels as Record<string, string>,
      annotations: (owner.spec.template.metadata.annotations ?? {}) as Record<string, string>,
      spec: owner.spec.template.spec as PodSpec,
    }));
}

/** The only object of this kind that is no hook. */
export function only(manifests: readonly Manifest[], kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && hookWeight(manifest) === undefined);
  if (found.length !== 1) throw new Error(`There are ${found.length} objects of kind ${kind}.`);
  return found[0]!;
}

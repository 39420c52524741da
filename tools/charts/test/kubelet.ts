import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hookWeight, podsOf, type Manifest, type PodSpec } from './manifest.ts';

/** The keys and values of Secrets, by name. */
export type Secrets = Map<string, Record<string, string>>;

/**
 * The objects that are in the cluster when Helm creates this one: hooks of lower weight for a hook, everything but hooks
 * for the others, as hooks are removed when they have succeeded.
 */
export function presentFor(manifest: Manifest, manifests: readonly Manifest[]): Manifest[] {
  const weight = hookWeight(manifest);
  return manifests.filter((other) => {
    const otherWeight = hookWeight(other);
    return weight === undefined
      ? otherWeight === undefined
      : otherWeight !== undefined && otherWeight < weight;
  });
}

/** Hooks in the order in which Helm creates them. */
export function hookOrder(hooks: readonly Manifest[]): Manifest[] {
  return [...hooks].sort((one, other) => hookWeight(one)! - hookWeight(other)!);
}

/** The Secrets that the operator makes of the ExternalSecrets among these objects. */
export function externalSecrets(
  manifests: readonly Manifest[],
  store: (variable: string) => string,
): Secrets {
  const secrets: Secrets = new Map();
  for (const { kind, spec } of manifests) {
    if (kind !== 'ExternalSecret') continue;
    const data = spec.data as { secretKey: string; remoteRef: { property: string } }[];
    secrets.set(
      spec.target.name,
      Object.fromEntries(data.map(({ secretKey, remoteRef }) => [secretKey, store(remoteRef.property)])),
    );
  }
  return secrets;
}

/** What an operator makes before the first install: all that the pods ask for and no ExternalSecret brings. */
export function handMadeSecrets(manifests: readonly Manifest[]): Secrets {
  const secrets: Secrets = new Map();
  const external = externalSecrets(manifests, secretValue);
  for (const { spec } of podsOf(manifests)) {
    for (const { secret } of spec.volumes.flatMap(({ projected }) => projected?.sources ?? [])) {
      if (external.has(secret.name)) continue;
      const values = Object.fromEntries(secret.items.map(({ key, path }) => [key, secretValue(path)]));
      secrets.set(secret.name, { ...secrets.get(secret.name), ...values });
    }
  }
  return secrets;
}

/**
 * What a container finds when it starts: its environment, and the files of its secrets, which lie in a folder of the
 * test's. Throws where a kubelet would wait for ever: for an object, or a key of it, that is not there.
 */
export class StartedContainer {
  readonly env: Record<string, string> = {};
  readonly #root = mkdtempSync(join(tmpdir(), 'gantry-pod-'));

  constructor(pod: PodSpec, present: readonly Manifest[], secrets: Secrets) {
    const [container] = pod.containers;
    this.#assertExists(present, 'ServiceAccount', pod.serviceAccountName);
    for (const { configMapRef } of container!.envFrom ?? [])
      Object.assign(this.env, this.#assertExists(present, 'ConfigMap', configMapRef.name).data);
    for (const { name, value } of container!.env ?? []) if (value !== undefined) this.env[name] = value;
    for (const { name, mountPath } of container!.volumeMounts) {
      const folder = join(this.#root, mountPath);
      for (const { secret } of pod.volumes.find((volume) => volume.name === name)?.projected?.sources ?? []) {
        for (const { key, path } of secret.items) this.#write(join(folder, path), secret.name, key, secrets);
      }
    }
    for (const [name, value] of Object.entries(this.env))
      if (name.endsWith('_FILE')) this.env[name] = join(this.#root, value);
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true });
  }

  #assertExists(present: readonly Manifest[], kind: string, name: string): Manifest {
    const found = present.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    if (!found) throw new Error(`There is no ${kind} ${name} yet.`);
    return found;
  }

  #write(file: string, secret: string, key: string, secrets: Secrets): void {
    const value = secrets.get(secret)?.[key];
    if (value === undefined) throw new Error(`The Secret ${secret} has no ${key}.`);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, value);
  }
}

/** A value for a secret that its service takes, made now. */
export function secretValue(variable: string): string {
  const random = randomBytes(24).toString('hex');
  if (variable.endsWith('DATABASE_URL')) return `postgres://role:${random}@db.example.com/app`;
  if (variable.endsWith('REDIS_URL')) return `rediss://:${random}@redis.example.com/0`;
  if (variable.endsWith('STRIPE_KEY')) return `rk_live_${random}`;
  return random;
}

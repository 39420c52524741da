import { BlockList } from 'node:net';
import type { Manifest } from './manifest.ts';

/** Somebody in the cluster, or an address outside. */
export type Peer =
  | { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly address: string };

interface PolicyPeer {
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string };
}

interface Rule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports: readonly { readonly port: number | string; readonly protocol?: string }[];
}

/** May this peer connect to the pods of the policy? */
export function accepts(policy: Manifest, peer: Peer): boolean {
  return rulesOf(policy, 'Ingress').some(({ from }) => matchesAny(policy, peer, from));
}

/** May the pods of the policy connect to this peer? */
export function mayConnect(policy: Manifest, peer: Peer, port: number, protocol = 'TCP'): boolean {
  return rulesOf(policy, 'Egress').some(
    ({ to, ports }) =>
      ports.some((open) => open.port === port && (open.protocol ?? 'TCP') === protocol) &&
      matchesAny(policy, peer, to),
  );
}

/** A direction that a policy does not name is open; then its rules mean nothing. */
function rulesOf({ metadata, spec }: Manifest, direction: 'Ingress' | 'Egress'): readonly Rule[] {
  if (!spec.policyTypes.includes(direction)) throw new Error(`${metadata.name} leaves ${direction} open.`);
  return (spec[direction.toLowerCase()] as readonly Rule[] | undefined) ?? [];
}

/** To Kubernetes no peers means any. */
function matchesAny(policy: Manifest, peer: Peer, allowed: readonly PolicyPeer[] = []): boolean {
  return allowed.length === 0 || allowed.some((one) => matches(policy, peer, one));
}

function matches(
  { metadata }: Manifest,
  peer: Peer,
  { podSelector, namespaceSelector, ipBlock }: PolicyPeer,
): boolean {
  if ('address' in peer) return ipBlock !== undefined && contains(ipBlock.cidr, peer.address);
  if (ipBlock) return false;
  const namespace = { 'kubernetes.io/metadata.name': peer.namespace };
  const isNamespace = namespaceSelector
    ? holds(namespace, namespaceSelector.matchLabels)
    : peer.namespace === metadata.namespace;
  return isNamespace && holds(peer.labels, podSelector?.matchLabels);
}

function holds(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(wanted).every(([label, value]) => labels[label] === value);
}

function contains(cidr: string, address: string): boolean {
  const [network, bits] = cidr.split('/');
  const block = new BlockList();
  block.addSubnet(network!, Number(bits));
  return block.check(address);
}

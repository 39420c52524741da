import { loadConfig, type DescribedSetting } from '@gantry/config';
import { settingsGroupsOf } from '../src/service-settings.ts';
import { externalSecrets, handMadeSecrets, presentFor, secretValue, StartedContainer } from './kubelet.ts';
import { podsOf, type Manifest } from './manifest.ts';

/** A pod whose process has read its environment. */
export interface StartedPod {
  readonly env: Readonly<Record<string, string>>;
  /** What the service itself made of it. */
  readonly settings: Readonly<Record<string, DescribedSetting>>;
}

/**
 * Starts the pods that these objects make, up to the point where the service has read its settings, by its own code.
 * Throws what keeps one from starting.
 *
 * @returns them by the kind of what makes the pod
 */
export async function startPods(
  chart: string,
  manifests: readonly Manifest[],
  secrets = handMadeSecrets(manifests),
): Promise<Readonly<Record<string, StartedPod>>> {
  const groups = await settingsGroupsOf(chart);
  const pods = podsOf(manifests).map(({ owner, spec }) => {
    const present = presentFor(owner, manifests);
    const made = externalSecrets(present, secretValue);
    using container = new StartedContainer(spec, present, new Map([...secrets, ...made]));
    const config = loadConfig(groups, container.env);
    const settings = Object.fromEntries(config.describe().map((setting) => [setting.name, setting]));
    config.close();
    return [owner.kind, { settings, env: container.env }] as const;
  });
  return Object.fromEntries(pods);
}

import { configSettings } from './config-settings.ts';
import { resolve, type Environment, type Resolved, type Source } from './resolve.ts';
import { RotatingSecrets, type RotationProblemListener } from './rotating-secrets.ts';
import type { SettingsGroup, SettingsOf } from './settings.ts';

/** One variable in the dump of {@link Config.describe}. */
export interface DescribedSetting {
  readonly name: string;
  /** `[redacted]` for a secret, `undefined` if there is no value. */
  readonly value: unknown;
  readonly source: Source;
  readonly description: string;
  readonly secret: boolean;
  /** The group that defined it. */
  readonly group: string;
}

/** The validated configuration of a process. Its values never change, except that secrets follow their files. */
export class Config {
  readonly #resolved: ReadonlyMap<string, Resolved>;
  readonly #groups: ReadonlyMap<SettingsGroup, Readonly<Record<string, unknown>>>;
  readonly #rotating: RotatingSecrets;

  private constructor(groups: readonly SettingsGroup[], env: Environment) {
    const all = new Set([configSettings, ...groups]);
    this.#resolved = resolve([...all], env);
    this.#groups = new Map([...all].map((group) => [group, this.#valuesOf(group)]));
    this.#rotating = new RotatingSecrets(this.#resolved.values());
    this.#rotating.start(this.get(configSettings).secretPollSeconds * 1_000);
  }

  /**
   * Reads and checks every setting of the groups.
   *
   * @throws ConfigError with every problem there is
   */
  static of(groups: readonly SettingsGroup[], env: Environment): Config {
    return new Config(groups, env);
  }

  /** The values of a group. */
  get<Group extends SettingsGroup>(group: Group): SettingsOf<Group> {
    const values = this.#groups.get(group);
    if (!values) {
      throw new Error(
        `The settings "${group.name}" were not loaded: put @UsesSettings on the module that needs them.`,
      );
    }
    return values as SettingsOf<Group>;
  }

  /** Every variable with its value, fit to be logged or shown: secrets are `[redacted]`. */
  describe(): DescribedSetting[] {
    return [...this.#resolved.values()].map(({ setting, value, source, group }) => ({
      name: setting.name,
      value: setting.secret && value !== undefined ? '[redacted]' : value,
      source,
      description: setting.description,
      secret: setting.secret,
      group,
    }));
  }

  /** Reads the secret files again now instead of at the next poll. Never rejects: see {@link Config.onRotationProblem}. */
  reloadSecrets(): Promise<void> {
    return this.#rotating.reload();
  }

  /**
   * Hears, once each, why a changed secret file was not taken over (the old value stays in use) or which listener
   * failed to follow it. `listener` must not throw. Returns the function that stops it.
   */
  onRotationProblem(listener: RotationProblemListener): () => void {
    return this.#rotating.onProblem(listener);
  }

  /** Stops watching the secret files. */
  close(): void {
    this.#rotating.stop();
  }

  #valuesOf(group: SettingsGroup): Readonly<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [key, { name }] of Object.entries(group.settings))
      values[key] = this.#resolved.get(name)?.value;
    return Object.freeze(values);
  }
}

/**
 * The configuration of this process. Call it once, before the container is built, so that a wrong environment
 * stops the start with one message instead of one failure after the other.
 *
 * @throws ConfigError with every problem there is
 */
export function loadConfig(groups: readonly SettingsGroup[], env: Environment = process.env): Config {
  return Config.of(groups, env);
}

import { ConfigError, type ConfigProblem } from './config-error.ts';
import { parse } from './parse.ts';
import { readSecretFileSync } from './secret-file.ts';
import { Secret } from './secret.ts';
import type { Setting, SettingsGroup } from './settings.ts';
import { closestName } from './suggest.ts';

/** Where a value came from. */
export type Source = 'environment' | 'file' | 'default';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting with its value. */
export interface Resolved {
  readonly setting: Setting;
  readonly group: string;
  readonly source: Source;
  readonly value: unknown;
  /** The file a secret came from. */
  readonly path?: string;
}

/** Every setting of the groups with its value, by variable name. */
export function resolve(groups: readonly SettingsGroup[], env: Environment): ReadonlyMap<string, Resolved> {
  const declared = declaredSettings(groups);
  const resolved = new Map<string, Resolved>();
  const problems: ConfigProblem[] = [];
  for (const { setting, group } of declared.values()) {
    try {
      resolved.set(setting.name, resolveOne(setting, group, env));
    } catch (error) {
      if (!(error instanceof Unresolvable)) throw error;
      problems.push({ variable: setting.name, problem: error.message, description: setting.description });
    }
  }
  problems.push(...unknownVariables(declared, env));
  if (problems.length > 0) throw new ConfigError(problems);
  return resolved;
}

interface Declared {
  readonly setting: Setting;
  readonly group: string;
}

class Unresolvable extends Error {}

function declaredSettings(groups: readonly SettingsGroup[]): ReadonlyMap<string, Declared> {
  const declared = new Map<string, Declared>();
  for (const group of groups) {
    for (const setting of Object.values(group.settings)) {
      const other = declared.get(setting.name);
      if (other && other.setting !== setting) {
        throw new Error(`${setting.name} is defined twice: in "${other.group}" and in "${group.name}".`);
      }
      declared.set(setting.name, other ?? { setting, group: group.name });
    }
  }
  for (const { setting } of declared.values()) {
    if (setting.secret && declared.has(fileVariable(setting))) {
      throw new Error(`${fileVariable(setting)} is taken: it names the file of the secret ${setting.name}.`);
    }
  }
  return declared;
}

function resolveOne(setting: Setting, group: string, env: Environment): Resolved {
  const text = textOf(env, setting.name);
  const path = setting.secret ? textOf(env, fileVariable(setting)) : undefined;
  if (path === undefined) {
    return {
      setting,
      group,
      source: text === undefined ? 'default' : 'environment',
      value: valueOf(setting, setting.name, text),
    };
  }
  if (text !== undefined)
    throw new Unresolvable(`${setting.name} and ${fileVariable(setting)} are both set; keep one.`);
  return {
    setting,
    group,
    source: 'file',
    value: valueOf(setting, fileVariable(setting), contentOf(setting, path)),
    path,
  };
}

function valueOf(setting: Setting, variable: string, text: string | undefined): unknown {
  const parsed = parse(setting, text);
  if (!parsed.ok) throw new Unresolvable(`${variable} ${parsed.reason}.`);
  return setting.secret && parsed.value !== undefined ? Secret.of(parsed.value as string) : parsed.value;
}

function contentOf(setting: Setting, path: string): string {
  try {
    return readSecretFileSync(path);
  } catch (error) {
    throw new Unresolvable(`${fileVariable(setting)} ${(error as Error).message}.`);
  }
}

/** A blank variable counts as not set, as OpenTelemetry has it: `X=${X:-}` in a compose file leaves one behind. */
function textOf(env: Environment, name: string): string | undefined {
  const text = env[name];
  return text === undefined || text.trim() === '' ? undefined : text;
}

function fileVariable(setting: Setting): string {
  return `${setting.name}_FILE`;
}

function unknownVariables(declared: ReadonlyMap<string, Declared>, env: Environment): ConfigProblem[] {
  const known = new Set<string>();
  for (const { setting } of declared.values()) {
    known.add(setting.name);
    if (setting.secret) known.add(fileVariable(setting));
  }
  return Object.keys(env)
    .filter((name) => name.startsWith('MCP_') && !known.has(name))
    .sort()
    .map((variable) => ({
      variable,
      problem: `${variable} is not a known variable.${advice(variable, known)}`,
    }));
}

function advice(unknown: string, known: ReadonlySet<string>): string {
  const closest = closestName(unknown, known);
  if (closest !== undefined) return ` Did you mean ${closest}?`;
  if (/_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP)/.test(unknown)) {
    return ' Kubernetes sets it for a Service called mcp-…; put `enableServiceLinks: false` on the pod.';
  }
  return '';
}

import type { z } from 'zod';
import type { Secret } from './secret.ts';

/** One environment variable: its name, what it may hold, and what it is for. */
export interface Setting<Value = unknown> {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly description: string;
  /** Never printed, and readable from the file named by `<name>_FILE`. */
  readonly secret: boolean;
  /** For the type checker alone: what {@link Config.get} returns for it. */
  readonly valueType?: Value;
}

/** The settings of one library or app. Make it with {@link defineSettings}. */
export interface SettingsGroup<
  Settings extends Readonly<Record<string, Setting>> = Readonly<Record<string, Setting>>,
> {
  readonly name: string;
  readonly settings: Settings;
}

/** The typed values of a group. */
export type SettingsOf<Group extends SettingsGroup> = {
  readonly [Key in keyof Group['settings']]: Group['settings'][Key] extends Setting<infer Value>
    ? Value
    : never;
};

/** What a variable says about itself beside its schema. */
export interface SettingOptions {
  /** For the operator: what it does, and in which unit. Shown in the dump and beside every complaint. */
  readonly description: string;
}

/**
 * A variable with an ordinary value. The schema gets the text, or `undefined` if the variable is not set or blank.
 *
 * For booleans use {@link flag}, for lists {@link list}: `z.coerce.boolean()` takes `"false"` for true.
 */
export function setting<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  options: SettingOptions,
): Setting<z.output<Schema>> {
  return define(name, schema, options, false);
}

/** A variable whose value is never printed. It may come from the file named by `<name>_FILE` and then follows its rotation. */
export function secret<Schema extends z.ZodType<string | undefined>>(
  name: string,
  schema: Schema,
  options: SettingOptions,
): Setting<undefined extends z.output<Schema> ? Secret | undefined : Secret> {
  return define(name, schema, options, true);
}

/**
 * Groups the settings of one library or app under the names its code uses.
 *
 * @example
 * ```ts
 * export const postgresSettings = defineSettings('postgres', {
 *   databaseUrl: secret('MCP_DATABASE_URL', z.url(), { description: 'Connection of the service role.' }),
 *   poolSize: setting('MCP_DATABASE_POOL_SIZE', z.coerce.number().int().min(1).default(10), { description: '…' }),
 * });
 * ```
 */
export function defineSettings<Settings extends Readonly<Record<string, Setting>>>(
  name: string,
  settings: Settings,
): SettingsGroup<Settings> {
  return { name, settings };
}

function define<Value>(
  name: string,
  schema: z.ZodType,
  options: SettingOptions,
  isSecret: boolean,
): Setting<Value> {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name))
    throw new TypeError(`"${name}" is not a name for an environment variable.`);
  refuseCoercionTraps(name, schema);
  return { name, schema, description: options.description, secret: isSecret };
}

/** `z.coerce.boolean()` reads "false" as true, and `z.coerce.string()` reads an unset variable as "undefined". */
function refuseCoercionTraps(name: string, schema: z.core.$ZodType): void {
  const definition = schema._zod.def as {
    type: string;
    coerce?: boolean;
    innerType?: z.core.$ZodType;
    in?: z.core.$ZodType;
  };
  if (definition.coerce && definition.type === 'boolean')
    throw new TypeError(`${name}: use flag() instead of z.coerce.boolean().`);
  if (definition.coerce && definition.type === 'string')
    throw new TypeError(`${name}: use z.string() instead of z.coerce.string().`);
  const inner = definition.innerType ?? definition.in;
  if (inner) refuseCoercionTraps(name, inner);
}

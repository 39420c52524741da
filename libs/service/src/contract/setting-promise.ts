import type { Setting } from '@gantry/config';
import { z } from 'zod';
import type { SettingPromise } from './service-contract.ts';

/** What is promised to those who deploy the service about one variable. */
export function settingPromise(setting: Setting, group: string): SettingPromise {
  const {
    $schema: _dialect,
    default: written,
    ...schema
  } = z.toJSONSchema(setting.schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  const unset = setting.schema.safeParse(undefined);
  const fallback = asText(written ?? unset.data);
  return {
    name: setting.name,
    group,
    description: setting.description,
    secret: setting.secret,
    required: !unset.success,
    ...(fallback !== undefined && { default: fallback }),
    schema,
  };
}

/** `undefined` for nothing, and for what a schema makes of a text and no text says. */
function asText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.join(',') || undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

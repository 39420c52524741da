import type { Setting } from '@gantry/config';
import { z } from 'zod';
import type { ChartVariables } from './variables.ts';

/** A JSON schema, as far as it is looked into here. */
export interface ObjectSchema {
  properties: Record<string, ObjectSchema>;
  [keyword: string]: unknown;
}

/**
 * The schema of a chart's values: what all services have in common, and of this one which settings and secrets there are
 * and what they may be, as its code says.
 *
 * @param common - service.schema.json of the library chart
 */
export function valuesSchema(
  common: ObjectSchema,
  { settings, secrets, required }: ChartVariables,
): ObjectSchema {
  const schema = structuredClone(common);
  const variables = [...settings, ...secrets].flatMap(({ name, secret }) =>
    secret ? [name, `${name}_FILE`] : [name],
  );
  const properties = schema.properties;
  properties['settings'] = strictObject(settings, required, settingSchema);
  properties['secrets']!.properties['variables'] = strictObject(secrets, required, ({ description }) => ({
    description,
    $ref: '#/definitions/secretPlace',
  }));
  const variable = (schema['definitions'] as Record<string, ObjectSchema>)['variable']!;
  variable.properties['name']!['not'] = { enum: variables };
  return schema;
}

function strictObject(
  all: readonly Setting[],
  required: ReadonlySet<string>,
  schemaOf: (setting: Setting) => Record<string, unknown>,
): ObjectSchema {
  const names = all.map(({ name }) => name);
  return {
    type: 'object',
    additionalProperties: false,
    required: names.filter((name) => required.has(name)).sort(),
    properties: Object.fromEntries(all.map((setting) => [setting.name, schemaOf(setting) as ObjectSchema])),
  };
}

/** What may stand in a values file for a variable. No validator has to heed `format`, and only some do. */
function settingSchema({ schema, description }: Setting): Record<string, unknown> {
  const { $schema, format, ...text } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  void $schema;
  if (isFlag(text.enum)) return { description, type: 'boolean' };
  return { description, ...text, ...(format === 'uri' && { pattern: '^[a-z]+://' }) };
}

/** YAML has booleans of its own. */
function isFlag(values: readonly unknown[] | undefined): boolean {
  return values !== undefined && values.includes('true') && values.includes('false');
}

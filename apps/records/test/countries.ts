import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { IndexDeclaration } from '../src/domain/indexed-field.ts';
import type { JsonObject } from '../src/domain/json.ts';

/** The 250 countries of the world, as documents. */
export const countries = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('world-countries/countries.json'), 'utf8'),
) as (JsonObject & { name: { common: string }; area: number; region: string; landlocked: boolean })[];

/** A schema that all of them satisfy. */
export const countrySchema: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'object', properties: { common: { type: 'string', minLength: 1 } }, required: ['common'] },
    cca3: { type: 'string', pattern: '^[A-Z]{3}$' },
    region: { type: 'string' },
    area: { type: 'number' },
    landlocked: { type: 'boolean' },
    capital: { type: 'array', items: { type: 'string' } },
  },
  required: ['name', 'cca3'],
};

/** What they are found by. */
export const countryIndexes: IndexDeclaration[] = [
  { field: 'name.common', type: 'string' },
  { field: 'area', type: 'number' },
  { field: 'region', type: 'string' },
  { field: 'landlocked', type: 'boolean' },
];

/** Definition of the demo collection, as `define_collection` takes it. */
export const COUNTRIES = {
  name: 'countries',
  title: 'Countries',
  description: 'A dozen countries to try the tools on. Made by `make serve`.',
  json_schema: {
    type: 'object',
    properties: {
      code: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' },
      name: { type: 'string', minLength: 1, maxLength: 100 },
      capital: { type: 'string', minLength: 1, maxLength: 100 },
      region: { enum: ['Africa', 'Americas', 'Asia', 'Europe', 'Oceania'] },
      area_km2: { type: 'number', exclusiveMinimum: 0 },
    },
    required: ['code', 'name', 'region'],
    additionalProperties: false,
  },
  indexed_fields: [
    { field: 'code', type: 'string' },
    { field: 'region', type: 'string' },
    { field: 'area_km2', type: 'number' },
  ],
};

/** The documents of the demo collection. */
export const COUNTRY_DOCUMENTS = [
  country('BR', 'Brazil', 'Brasília', 'Americas', 8_515_767),
  country('CA', 'Canada', 'Ottawa', 'Americas', 9_984_670),
  country('CI', "Côte d'Ivoire", 'Yamoussoukro', 'Africa', 322_463),
  country('EG', 'Egypt', 'Cairo', 'Africa', 1_002_450),
  country('FI', 'Finland', 'Helsinki', 'Europe', 338_424),
  country('FR', 'France', 'Paris', 'Europe', 551_695),
  country('IN', 'India', 'New Delhi', 'Asia', 3_287_590),
  country('JP', 'Japan', 'Tokyo', 'Asia', 377_930),
  country('KE', 'Kenya', 'Nairobi', 'Africa', 580_367),
  country('MX', 'Mexico', 'Mexico City', 'Americas', 1_964_375),
  country('NZ', 'New Zealand', 'Wellington', 'Oceania', 270_467),
  country('PT', 'Portugal', 'Lisbon', 'Europe', 92_090),
];

function country(code: string, name: string, capital: string, region: string, area_km2: number) {
  return { code, name, capital, region, area_km2 };
}

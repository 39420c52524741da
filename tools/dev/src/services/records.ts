import { join } from 'node:path';
import { seedRecords } from '../seed-records.ts';
import { ROOT, type ServiceEntry } from '../service-entry.ts';

export const RECORDS: ServiceEntry = {
  name: 'records',
  tsconfig: 'apps/records/tsconfig.lib.json',
  portOffset: 1,
  program: join(ROOT, 'apps/records/dist/main.js'),
  scopes: ['records:read', 'records:write', 'records:admin'],
  seed: seedRecords,
  firstCall: {
    tool: 'list_records',
    args: {
      collection: 'countries',
      filter: [{ field: 'region', op: 'eq', value: 'Europe' }],
      sort: { field: 'area_km2', direction: 'desc' },
      fields: ['name', 'capital', 'area_km2'],
      limit: 3,
    },
  },
};

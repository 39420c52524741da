import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedRecords } from './seed-records.ts';
import type { CallTool, ToolRequest } from './tool-request.ts';

/** A service of the development stack. */
export interface ServiceEntry {
  /** Also the name of its database, its roles and its log. */
  readonly name: string;
  /** Distance of its port from the base. */
  readonly portOffset: number;
  /** What is compiled before it is started, together with all that it references. */
  readonly tsconfig?: string;
  /** Serves; with the argument `migrate` brings the database up to date. */
  readonly program: string;
  readonly scopes: readonly string[];
  /** Makes demo data, as often as it is called only once. Resolves with what is there, in a few words. */
  readonly seed: (call: CallTool) => Promise<string>;
  /** What the stack proposes to try. */
  readonly firstCall: ToolRequest;
}

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Every service that `make serve` starts. */
export const SERVICES: readonly ServiceEntry[] = [
  {
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
  },
];

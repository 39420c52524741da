import type { Setting } from '@gantry/config';

/** Settings that the chart makes itself, because its other objects depend on them. */
const OF_THE_CHART = [
  'MCP_TRANSPORT',
  'MCP_PORT',
  'MCP_SHUTDOWN_DELAY_MS',
  'MCP_SHUTDOWN_TIMEOUT_MS',
  'MCP_MIGRATE_ON_START',
];

/** Given to the migration alone. */
export const OWNER_URL = 'MCP_MIGRATION_DATABASE_URL';

/** Optional for a process in general, but needed to serve HTTP from several replicas. */
const NEEDED_IN_A_CLUSTER = [
  'MCP_AUTH_ISSUER',
  'MCP_AUTH_AUDIENCE',
  'MCP_CURSOR_KEYS',
  'MCP_REQUEST_STATE_KEYS',
];

/** Needed by a service that calls others. */
const NEEDED_BY_CALLERS = ['MCP_AUTH_CLIENT_ID', 'MCP_AUTH_CLIENT_SECRET'];

/** How the values of a chart give variables to its service. */
export interface ChartVariables {
  /** Under `settings`. */
  readonly settings: readonly Setting[];
  /** Under `secrets.variables`. */
  readonly secrets: readonly Setting[];
  /** Those of both without which the service would not start. */
  readonly required: ReadonlySet<string>;
}

/** Sorts the settings of a service by how its chart is told of them. */
export function chartVariables(all: ReadonlyMap<string, Setting>): ChartVariables {
  const settings = [...all.values()].filter(
    ({ name }) => !OF_THE_CHART.includes(name) && !name.startsWith('MCP_STDIO_') && name !== OWNER_URL,
  );
  const callsOthers = settings.some(({ name }) => name.startsWith('MCP_REMOTE_'));
  const needed = [...NEEDED_IN_A_CLUSTER, ...(callsOthers ? NEEDED_BY_CALLERS : [])];
  const isRequired = ({ name, schema }: Setting) =>
    needed.includes(name) || !schema.safeParse(undefined).success;
  const required = new Set(settings.filter(isRequired).map(({ name }) => name));
  const secrets = settings.filter(({ secret }) => secret);
  return {
    settings: settings.filter(({ secret }) => !secret),
    // What has to be there first.
    secrets: secrets.sort((one, other) => Number(required.has(other.name)) - Number(required.has(one.name))),
    required,
  };
}

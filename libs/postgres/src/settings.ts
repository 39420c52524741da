import { defineSettings, flag, secret, setting } from '@gantry/config';
import { z } from 'zod';

/** What the environment says about the database. */
export const postgresSettings = defineSettings('postgres', {
  databaseUrl: secret('MCP_DATABASE_URL', z.url({ protocol: /^postgres(ql)?$/ }), {
    description: 'Connection URL of the service role: a member of gantry_service that owns nothing.',
  }),
  migrationDatabaseUrl: secret(
    'MCP_MIGRATION_DATABASE_URL',
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    {
      description: 'Connection URL of the role that owns the tables. Needed only where migrations run.',
    },
  ),
  migrateOnStart: setting('MCP_MIGRATE_ON_START', flag().default(false), {
    description: 'Apply pending migrations before the service starts. Safe with many replicas.',
  }),
  poolSize: setting('MCP_DATABASE_POOL_SIZE', z.coerce.number().int().min(1).max(200).default(10), {
    description: 'Most connections this replica opens for tool calls.',
  }),
  connectTimeoutMs: setting(
    'MCP_DATABASE_CONNECT_TIMEOUT_MS',
    z.coerce.number().int().min(100).max(60_000).default(5_000),
    {
      description:
        'How long opening a connection may take, and how long a call without a deadline waits for one.',
    },
  ),
  maxLifetimeSeconds: setting(
    'MCP_DATABASE_MAX_LIFETIME_SECONDS',
    z.coerce.number().int().min(1).default(1_800),
    {
      description:
        'Age at which a connection is replaced, so that failovers and rotated credentials take hold.',
    },
  ),
  statementTimeoutMs: setting(
    'MCP_DATABASE_STATEMENT_TIMEOUT_MS',
    z.coerce.number().int().min(1).default(30_000),
    {
      description: 'Longest statement of a call that has no deadline.',
    },
  ),
  applicationName: setting('MCP_DATABASE_APPLICATION_NAME', z.string().max(63).default('gantry'), {
    description: 'Name of this service in pg_stat_activity.',
  }),
});

export { startDevPostgres, type DevPostgres, type DevPostgresOptions } from './dev-postgres.ts';
export {
  ensureDatabase,
  SERVICE_GROUP,
  type DatabaseSpec,
  type DatabaseUrls,
  type LoginRole,
} from './ensure-database.ts';
export { freePort } from './free-port.ts';

import type { Database } from '@gantry/postgres';
import type { Db } from 'pg-boss';

/** Lets pg-boss run a statement in the current unit of work, so that it commits or rolls back with it. */
export function unitOfWorkDb(database: Database): Db {
  return {
    executeSql: async (text, values = []) => ({
      rows: [...(await database.sql.unsafe(text, values as never[]))],
    }),
  };
}

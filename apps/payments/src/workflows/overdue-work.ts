import { Log, Metrics, registerLookedUpGauge } from '@gantry/observability';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';

/** By then the provider has been asked many times: what is still open is for people. */
const PATIENCE_MINUTES = 15;

/** More are not counted. */
const MOST = 1_000;

/** A scrape waits no longer. */
const LOOK_MS = 1_000;

/** Shows operators what neither calls nor jobs have brought to an end: money that may or may not have moved. */
@Injectable()
export class OverdueWork {
  constructor(database: Database, metrics: Metrics, log: Log) {
    registerLookedUpGauge(metrics, log, {
      name: 'mcp_overdue_work',
      help: 'Work of all tenants that should long have been done, by kind; at most 1000 are counted.',
      label: 'kind',
      lookUp: async () => {
        const [found] = await database.inspect(
          (sql) => sql<[{ operations: number }]>`
            select count(*)::int as operations
            from stuck_payment_operations(make_interval(mins => ${PATIENCE_MINUTES}), ${MOST})`,
          LOOK_MS,
        );
        return [['payment_operation', found.operations]];
      },
    });
  }
}

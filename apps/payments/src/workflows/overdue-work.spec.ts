import { Metrics } from '@gantry/observability';
import { metricValue } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { key, TEN } from '../../test/examples.ts';
import { startPayments, type RunningPayments } from '../../test/running-payments.ts';

let the: RunningPayments;
let superuser: postgres.Sql;
beforeAll(async () => {
  // Nobody looks after what a call leaves behind.
  the = await startPayments({
    MCP_PAYMENTS_STEP_SECONDS: '1',
    MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '3600',
  });
  // What is stored never changes; only without its triggers can time be told to have passed.
  superuser = postgres(the.database.superuserUrl, {
    max: 1,
    connection: { session_replication_role: 'replica' },
  });
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  await the?.stop();
});

const overdue = () =>
  metricValue(the.service.app.get(Metrics).registry, 'mcp_overdue_work', { kind: 'payment_operation' });

describe('the metric of overdue work', () => {
  it('counts operations whose outcome is open for a quarter of an hour, in every tenant', async () => {
    the.simulator.faults.plan({ kind: 'hang_after', endpoint: 'payment_intents.confirm' });
    for (const tenant of ['acme', 'globex']) {
      const args = { ...TEN, idempotency_key: key() };
      await the.call('process_payment', args, { token: await the.token({ tenant }) });
    }
    the.simulator.faults.clear();
    const pass = (minutes: number) => superuser`
      update payment_operations set updated_at = now() - make_interval(mins => ${minutes}) where phase <> 'finished'`;
    expect((await pass(14)).count).toBe(2);
    expect(await overdue()).toBe(0);
    await pass(16);
    expect(await overdue()).toBe(2);
  });
});

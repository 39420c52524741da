import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Operations } from '../src/index.ts';
import { useFixture } from './fixture.ts';
import { cancel, caller, startFill } from './operation-calls.ts';
import { fill, operationProviders } from './operation-handlers.ts';

// Nobody runs them, so they stay unfinished.
const the = useFixture(operationProviders, {
  MCP_OPERATIONS_CONCURRENCY: '0',
  MCP_OPERATIONS_PER_PRINCIPAL: '2',
});
const input = { name: 'limited', count: 1 };

describe('a principal with as many unfinished operations as it may have', () => {
  it('starts another one only when one has ended, and holds up nobody else', async () => {
    const subject = 'alice';
    const first = await startFill(the.replica, input, { subject });
    await startFill(the.replica, input, { subject });
    await expect(startFill(the.replica, input, { subject })).rejects.toMatchObject({
      code: 'rate_limited',
      retryable: true,
      retryAfterSeconds: 5,
      hint: expect.stringContaining('check_operation_status'),
      details: { limit: 2 },
    });
    for (const other of [{ subject: 'bob' }, { client: 'other agent' }, { tenant: 'umbrella' }])
      await startFill(the.replica, input, { subject, ...other });
    await cancel(the.replica, first, { subject });
    await startFill(the.replica, input, { subject });
  });

  it('gets no more by many calls at once', async () => {
    const operations = the.replica.app.get(Operations);
    const call = caller({ subject: 'carol' });
    const starts = Array.from({ length: 6 }, () =>
      the.replica.write(async () => {
        await operations.start(call, fill, input);
        // Before it commits the others have begun.
        await sleep(200);
      }),
    );
    const outcomes = await Promise.allSettled(starts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });
});

import { describe, expect, it } from '@jest/globals';
import { composePipeline, stageSlotOf, success, type Next, type Outcome } from '@gantry/pipeline';
import { testCall, testTool } from '@gantry/testing';
import fc from 'fast-check';
import { settle } from '../test/fixtures.ts';
import { BulkheadStage } from './bulkhead.stage.ts';

const tool = testTool({ limits: { concurrent: 3 } });

function heldCalls(stage = new BulkheadStage(), name = tool.name) {
  const held: ((outcome: Outcome) => void)[] = [];
  const handler: Next = () => new Promise((resolve) => held.push(resolve));
  const call = composePipeline({ ...tool, name }, new Map([['bulkhead', stage]]), handler);
  return { held, call: () => call(testCall()) };
}

describe('BulkheadStage', () => {
  it('stands in its slot', () => {
    expect(stageSlotOf(BulkheadStage)).toBe('bulkhead');
  });

  it('answers at once when as many calls run as may', async () => {
    const { call, held } = heldCalls();
    void [call(), call(), call()];
    const outcome = await call();
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'rate_limited', retryable: true, retryAfterSeconds: 1 },
    });
    expect(held).toHaveLength(3);
  });

  it('has room again when a call has ended, also by a throw', async () => {
    const stage = new BulkheadStage();
    const failing = composePipeline(tool, new Map([['bulkhead', stage]]), () =>
      Promise.reject(new Error('boom')),
    );
    for (let calls = 0; calls < 10; calls += 1) {
      expect(await failing(testCall())).toMatchObject({ error: { code: 'internal_error' } });
    }
  });

  it('counts every tool for itself', async () => {
    const stage = new BulkheadStage();
    const busy = heldCalls(stage);
    void [busy.call(), busy.call(), busy.call()];
    const other = heldCalls(stage, 'list_orders');
    void other.call();
    await settle();
    expect(other.held).toHaveLength(1);
  });

  it('never lets more calls run than may, nor refuses one for which there is room', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('call', 'end'), { maxLength: 60 }), async (events) => {
        const { call, held } = heldCalls();
        let refused = 0;
        for (const event of events) {
          const { length: running } = held;
          if (event === 'end') held.shift()?.(success({}));
          else void call().then(({ ok }) => (refused += Number(!ok)));
          const refusedBefore = refused;
          await settle();
          expect(held.length).toBeLessThanOrEqual(3);
          if (event === 'call') expect(refused - refusedBefore).toBe(running < 3 ? 0 : 1);
        }
      }),
    );
  });
});

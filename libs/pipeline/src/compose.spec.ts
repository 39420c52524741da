import { describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { z } from 'zod';
import type { RunningCall } from './call.ts';
import { composePipeline } from './compose.ts';
import { defineTool } from './contract.ts';
import { failure, success, type Outcome } from './outcome.ts';
import { STAGE_SLOTS, type StageRun, type StageSlot, type ToolStage } from './stage.ts';

const tool = defineTool({
  name: 'get_thing',
  title: 'Get a thing',
  description: 'Gets a thing.',
  input: z.strictObject({}),
  output: z.strictObject({}),
  scopes: [],
  effect: 'read',
});

/** The chain only hands the call on; these tests never look into it. */
const call = { requestId: 'req_1' } as RunningCall;

function stages(runs: Partial<Record<StageSlot, StageRun>>): ReadonlyMap<StageSlot, ToolStage> {
  return new Map(Object.entries(runs).map(([slot, run]) => [slot as StageSlot, { forTool: () => run }]));
}

describe('composePipeline', () => {
  it('runs the stages in the order of the slots, however they were registered', async () => {
    const trail: string[] = [];
    const all = new Map<StageSlot, ToolStage>(
      STAGE_SLOTS.toReversed().map((slot) => {
        const run: StageRun = async (running, next) => {
          trail.push(`> ${slot}`);
          const outcome = await next(running);
          trail.push(`< ${slot}`);
          return outcome;
        };
        return [slot, { forTool: () => run }];
      }),
    );
    await composePipeline(tool, all, async () => (trail.push('handler'), success({})))(call);
    expect(trail).toEqual([
      ...STAGE_SLOTS.map((slot) => `> ${slot}`),
      'handler',
      ...STAGE_SLOTS.toReversed().map((slot) => `< ${slot}`),
    ]);
  });

  it('puts the idempotency row into the unit of work, and the domain rows into a savepoint within', () => {
    const at = (slot: StageSlot) => STAGE_SLOTS.indexOf(slot);
    expect(at('authorize')).toBeLessThan(at('validate-input'));
    expect(at('unit-of-work')).toBeLessThan(at('idempotency'));
    expect(at('idempotency')).toBeLessThan(at('audit'));
    expect(at('audit')).toBeLessThan(at('savepoint'));
  });

  it('lets the audit see how every call ends, refusals before the unit of work included', () => {
    const at = (slot: StageSlot) => STAGE_SLOTS.indexOf(slot);
    expect(at('audit-outcome')).toBe(at('metrics') + 1);
    expect(at('audit-outcome')).toBeLessThan(at('authorize'));
  });

  it('asks each stage once per tool and leaves out those with nothing to do', async () => {
    let asked = 0;
    const idle: ToolStage = { forTool: (contract) => (asked++, expect(contract).toBe(tool), undefined) };
    const run = composePipeline(tool, new Map([['log', idle]]), async () => success({ a: 1 }));
    expect(await run(call)).toEqual(success({ a: 1 }));
    await run(call);
    expect(asked).toBe(1);
  });

  it('hands the same call to every stage and to the handler', async () => {
    const seen: RunningCall[] = [];
    const see: StageRun = (running, next) => (seen.push(running), next(running));
    await composePipeline(
      tool,
      stages({ trace: see, savepoint: see }),
      async (running) => (seen.push(running), success({})),
    )(call);
    expect(seen).toHaveLength(3);
    for (const running of seen) expect(running).toBe(call);
  });

  it('lets a stage answer itself', async () => {
    let handled = false;
    const refusal = failure(sharedError('permission_denied', 'No.'));
    const run = composePipeline(
      tool,
      stages({ authorize: async () => refusal }),
      async () => ((handled = true), success({})),
    );
    expect(await run(call)).toBe(refusal);
    expect(handled).toBe(false);
  });

  it('lets a stage change the outcome', async () => {
    const shape: StageRun = async (running, next) => {
      const outcome = await next(running);
      return outcome.ok ? success({ ...outcome.output, shaped: true }) : outcome;
    };
    const run = composePipeline(tool, stages({ 'validate-output': shape }), async () => success({ a: 1 }));
    expect(await run(call)).toEqual(success({ a: 1, shaped: true }));
  });

  describe('never rejects', () => {
    const boom = () => {
      throw new Error('boom');
    };
    const seen: Outcome[] = [];
    const watch: StageRun = async (running, next) => {
      const outcome = await next(running);
      seen.push(outcome);
      return outcome;
    };

    it.each([
      ['a handler throws', stages({ trace: watch }), boom],
      ['a handler rejects', stages({ trace: watch }), async () => boom()],
      ['a stage throws', stages({ trace: watch, log: boom }), async () => success({})],
      ['a stage rejects', stages({ trace: watch, log: async () => boom() }), async () => success({})],
    ])('when %s: the stages outside see a failure', async (_, around, handler) => {
      seen.length = 0;
      const outcome = await composePipeline(tool, around, handler)(call);
      expect(outcome).toMatchObject({
        ok: false,
        error: { code: 'internal_error', cause: new Error('boom') },
      });
      expect(seen).toEqual([outcome]);
    });

    it('when the outermost stage throws', async () => {
      const outcome = await composePipeline(tool, stages({ trace: boom }), async () => success({}))(call);
      expect(outcome).toMatchObject({ ok: false, error: { code: 'internal_error' } });
    });

    it('and keeps the error that was meant for the caller', async () => {
      const error = sharedError('not_found', 'No such thing.');
      const outcome = await composePipeline(tool, new Map(), () => Promise.reject(error))(call);
      expect(outcome).toEqual(failure(error));
    });
  });
});

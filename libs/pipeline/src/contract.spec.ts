import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DEFAULT_LIMITS, defineTool, isWrite, type Effect, type InputOf, type OutputOf } from './contract.ts';

const contract = {
  name: 'ship_order',
  title: 'Ship an order',
  description: 'Ships it.',
  input: z.strictObject({ order_id: z.string(), priority: z.number().default(0) }),
  output: z.strictObject({ tracking: z.string() }),
  scopes: ['orders:write'],
  effect: 'update',
} as const;

describe('defineTool', () => {
  it('completes limits and errors', () => {
    expect(defineTool(contract)).toEqual({ ...contract, errors: [], limits: DEFAULT_LIMITS });
  });

  it('keeps what the tool says', () => {
    const tool = defineTool({ ...contract, errors: ['order_not_found'], limits: { deadlineMs: 1 } });
    expect(tool.errors).toEqual(['order_not_found']);
    expect(tool.limits).toEqual({ ...DEFAULT_LIMITS, deadlineMs: 1 });
  });

  it('types input as validated and output as returned', () => {
    const tool = defineTool(contract);
    const input: InputOf<typeof tool> = tool.input.parse({ order_id: 'ord_1' });
    const output: OutputOf<typeof tool> = { tracking: 'x' };
    expect([input.priority, output.tracking]).toEqual([0, 'x']);
  });
});

describe('isWrite', () => {
  it.each<[Effect, boolean]>([
    ['read', false],
    ['create', true],
    ['update', true],
    ['delete', true],
    ['external', true],
  ])('%s: %s', (effect, write) => {
    expect(isWrite({ effect })).toBe(write);
  });
});

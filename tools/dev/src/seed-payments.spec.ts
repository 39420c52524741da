import { describe, expect, it } from '@jest/globals';
import { ToolRefusal } from './call-tool.ts';
import { DEMO_PAYMENTS, seedPayments } from './seed-payments.ts';
import type { CallTool } from './tool-request.ts';

const APPROVAL_ABOVE = 100_000;
const keys = DEMO_PAYMENTS.map(({ idempotency_key }) => idempotency_key);

/** As much of payments as the demo data meets. */
function payments(begun: readonly string[] = []): { call: CallTool; charged: unknown[] } {
  const charged: unknown[] = [];
  const call: CallTool = async (tool, args) => {
    if (tool === 'find_payment_by_key')
      return { items: begun.includes(args['key'] as string) ? [{ tool: 'process_payment' }] : [] };
    charged.push(args['idempotency_key']);
    if (Number(args['amount']) > APPROVAL_ABOVE)
      throw new ToolRefusal('somebody has to approve it', { code: 'approval_required', retryable: true });
    return {};
  };
  return { call, charged };
}

describe('seedPayments', () => {
  it('makes each payment under a key of its own, and leaves one waiting for approval', async () => {
    const { call, charged } = payments();
    expect(await seedPayments(call)).toBe('2 payments');
    expect(charged).toEqual(keys);
    expect(new Set(keys).size).toBe(2);
  });

  it('makes only what is missing', async () => {
    const { call, charged } = payments(keys.slice(0, 1));
    expect(await seedPayments(call)).toBe('1 payment');
    expect(charged).toEqual(keys.slice(1));
  });

  it('leaves what was begun as it is, the one above the limit included', async () => {
    const { call, charged } = payments(keys);
    expect(await seedPayments(call)).toBe('all there');
    expect(charged).toEqual([]);
  });

  it('does not take another refusal for the approval that it waits for', async () => {
    const call: CallTool = async (tool) => {
      if (tool === 'find_payment_by_key') return { items: [] };
      throw new ToolRefusal('no', { code: 'card_declined' });
    };
    await expect(seedPayments(call)).rejects.toThrow('no');
  });
});

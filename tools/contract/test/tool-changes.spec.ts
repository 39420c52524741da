import { describe, it } from '@jest/globals';
import type { ToolSnapshot } from '../src/snapshot.ts';
import { expectBoth, withChanged } from './changes.ts';
import { contract, shipOrder } from './contract.ts';

describe('a tool', () => {
  it.each<[Partial<ToolSnapshot>, there: string, back: string]>([
    [{ title: 'Send' }, 'wording title is worded anew', 'wording title is worded anew'],
    [{ description: 'Sends.' }, 'wording description is worded anew', 'wording description is worded anew'],
    [
      { scopes: ['orders:admin'] },
      'breaking scopes: needs orders:admin, needed orders:write',
      'additive scopes: needs orders:write, needed orders:admin',
    ],
    [
      { scopes: ['orders:write', 'orders:price'] },
      'breaking scopes: needs orders:write and orders:price, needed orders:write',
      'additive scopes: needs orders:write, needed orders:write and orders:price',
    ],
    [
      { scopes: ['stock:write'] },
      'breaking scopes: needs stock:write, needed orders:write',
      'breaking scopes: needs orders:write, needed stock:write',
    ],
    [
      { scopes: [] },
      'additive scopes: needs nothing, needed orders:write',
      'breaking scopes: needs orders:write, needed nothing',
    ],
    [
      { effect: 'external', annotations: { openWorldHint: true } },
      'breaking effect: is external, was update',
      'breaking effect: is update, was external',
    ],
    [
      { annotations: { readOnlyHint: true } },
      'breaking annotations: are not what they were for effect update',
      'breaking annotations: are not what they were for effect update',
    ],
    [
      { errors: ['order_not_found', 'order_lost'] },
      'additive errors: order_lost is new',
      'breaking errors: order_lost is gone',
    ],
    [
      { limits: { ...shipOrder.limits, callsPerMinute: 30 } },
      'breaking limits.callsPerMinute: is 30, was 60',
      'additive limits.callsPerMinute: is 60, was 30',
    ],
    [
      { limits: { ...shipOrder.limits, concurrent: 10 } },
      'breaking limits.concurrent: is 10, was 50',
      'additive limits.concurrent: is 50, was 10',
    ],
    [
      { limits: { ...shipOrder.limits, deadlineMs: 9_000 } },
      'additive limits.deadlineMs: is 9000, was 5000',
      'breaking limits.deadlineMs: is 5000, was 9000',
    ],
    [
      { startsOperation: true },
      'breaking may start an operation now',
      'breaking no longer starts operations',
    ],
    [
      { inputSchema: { ...shipOrder.inputSchema, required: ['order_id', 'idempotency_key'] } },
      'breaking input.idempotency_key: is required now',
      'additive input.idempotency_key: is no longer required',
    ],
    [
      { outputSchema: { ...shipOrder.outputSchema, required: [] } },
      'breaking output.state: is no longer required',
      'additive output.state: is required now',
    ],
    [
      { outputSchema: { ...shipOrder.outputSchema, properties: {}, required: [] } },
      'breaking output.state: is gone',
      'additive output.state: is new',
    ],
  ])('%j', (change, there, back) => {
    const [[thereKind, ...thereWhat], [backKind, ...backWhat]] = [there.split(' '), back.split(' ')];
    expectBoth(
      withChanged('tools', change),
      [`${thereKind} tool ship_order: ${thereWhat.join(' ')}`],
      [`${backKind} tool ship_order: ${backWhat.join(' ')}`],
    );
  });

  it('that is gone, or new', () => {
    expectBoth(
      { ...contract, tools: [] },
      ['breaking tool ship_order: is gone'],
      ['additive tool ship_order: is new'],
    );
  });
});

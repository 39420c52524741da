import { describe, expect, it } from '@jest/globals';
import type { Part, Snapshot } from '../src/snapshot.ts';
import { changes, expectBoth, told, withChanged, type List } from './changes.ts';
import { contract, shipOrder } from './contract.ts';

it('does not differ from itself', () => {
  expect(changes(contract, JSON.parse(JSON.stringify(contract)) as Snapshot)).toEqual([]);
});

describe('what is read', () => {
  it.each<[Part, object, subject: string, there: string, back: string]>([
    [
      'resources',
      { name: 'settings' },
      'resource config://server-settings',
      'breaking name: is settings, was server-settings',
      'breaking name: is server-settings, was settings',
    ],
    [
      'templates',
      { mimeType: 'text/csv' },
      'resource template orders://orders/{order_id}',
      'breaking mimeType: is text/csv, was application/json',
      'breaking mimeType: is application/json, was text/csv',
    ],
    [
      'templates',
      { description: 'One.' },
      'resource template orders://orders/{order_id}',
      'wording description is worded anew',
      'wording description is worded anew',
    ],
    [
      'templates',
      { scopes: ['orders:write'] },
      'resource template orders://orders/{order_id}',
      'breaking scopes: needs orders:write, needed orders:read',
      'additive scopes: needs orders:read, needed orders:write',
    ],
    [
      'templates',
      { ttlMs: 1 },
      'resource template orders://orders/{order_id}',
      'additive ttlMs: is 1, was 0',
      'additive ttlMs: is 0, was 1',
    ],
    [
      'prompts',
      { title: 'Look' },
      'prompt review_order',
      'wording title is worded anew',
      'wording title is worded anew',
    ],
    [
      'prompts',
      { arguments: { ...contract.prompts[0]!.arguments, required: [] } },
      'prompt review_order',
      'additive arguments.order_id: is no longer required',
      'breaking arguments.order_id: is required now',
    ],
    [
      'prompts',
      { limits: { ...shipOrder.limits, concurrent: 1 } },
      'prompt review_order',
      'breaking limits.concurrent: is 1, was 50',
      'additive limits.concurrent: is 50, was 1',
    ],
  ])('%s %j', (part, change, subject, there, back) => {
    const named = (text: string) => text.replace(/^(\w+) /, `$1 ${subject}: `);
    expectBoth(withChanged(part, change), [named(there)], [named(back)]);
  });

  it.each<[Part, string]>([
    ['resources', 'resource config://server-settings'],
    ['templates', 'resource template orders://orders/{order_id}'],
    ['prompts', 'prompt review_order'],
  ])('%s that are gone, or new', (part, subject) => {
    expectBoth(
      { ...contract, [part]: [] },
      [`breaking ${subject}: is gone`],
      [`additive ${subject}: is new`],
    );
  });
});

describe('an event', () => {
  const shipped = contract.events[0]!;

  it('whose payload says more, or less', () => {
    const payload = {
      ...shipped.payload,
      properties: { ...shipped.payload.properties, carrier: { type: 'string' } },
    };
    expectBoth(
      withChanged('events', { payload }),
      ['additive event order.shipped.v1: payload.carrier: is new'],
      ['breaking event order.shipped.v1: payload.carrier: is gone'],
    );
  });

  it('whose next version stands beside it: its end is announced by that', () => {
    const next = { ...shipped, version: 2 };
    const both = { ...contract, events: [shipped, next] };
    const moved = { ...contract, events: [next] };
    expect(told(changes(contract, both))).toEqual(['additive event order.shipped.v2: is new']);
    expect(told(changes(both, moved))).toEqual(['announced event order.shipped.v1: is gone']);
    expect(told(changes(moved, contract))).toEqual([
      'additive event order.shipped.v1: is new',
      'breaking event order.shipped.v2: is gone',
    ]);
  });

  it('that is gone', () => {
    expectBoth(
      { ...contract, events: [] },
      ['breaking event order.shipped.v1: is gone'],
      ['additive event order.shipped.v1: is new'],
    );
  });
});

describe('what a service is operated by', () => {
  it.each<[Part, object, subject: string, there: string, back: string]>([
    [
      'settings',
      { schema: { type: 'integer', minimum: 1, maximum: 60 } },
      'setting MCP_ORDERS_MINUTES',
      'breaking value: maximum is 60, was 600',
      'additive value: maximum is 600, was 60',
    ],
    [
      'settings',
      { default: '30' },
      'setting MCP_ORDERS_MINUTES',
      'additive default: is 30, was 60',
      'additive default: is 60, was 30',
    ],
    [
      'settings',
      { description: 'Minutes.' },
      'setting MCP_ORDERS_MINUTES',
      'wording description is worded anew',
      'wording description is worded anew',
    ],
    [
      'settings',
      { required: true },
      'setting MCP_ORDERS_MINUTES',
      'breaking is required now',
      'additive is no longer required',
    ],
    [
      'settings',
      { secret: true },
      'setting MCP_ORDERS_MINUTES',
      'additive is a secret now, and may come from a file',
      'breaking is no secret any more: a file with it is refused',
    ],
    [
      'metrics',
      { type: 'gauge' },
      'metric mcp_requests_total',
      'breaking is a gauge, was a counter',
      'breaking is a counter, was a gauge',
    ],
    [
      'metrics',
      { labels: ['tool'] },
      'metric mcp_requests_total',
      'breaking label status is gone',
      'additive label status is new',
    ],
    [
      'metrics',
      { help: 'All calls.' },
      'metric mcp_requests_total',
      'wording help is worded anew',
      'wording help is worded anew',
    ],
  ])('%s %j', (part, change, subject, there, back) => {
    const named = (text: string) => text.replace(/^(\w+) /, `$1 ${subject}: `);
    expectBoth(withChanged(part, change), [named(there)], [named(back)]);
  });

  it('settings that are gone, or new: a service with one more that it needs does not start', () => {
    expectBoth(
      { ...contract, settings: [] },
      ['breaking setting MCP_DATABASE_URL: is gone', 'breaking setting MCP_ORDERS_MINUTES: is gone'],
      [
        'breaking setting MCP_DATABASE_URL: is new and required',
        'additive setting MCP_ORDERS_MINUTES: is new',
      ],
    );
  });

  it('metrics that are gone, or new', () => {
    expectBoth(
      { ...contract, metrics: [] },
      ['breaking metric mcp_requests_total: is gone'],
      ['additive metric mcp_requests_total: is new'],
    );
  });
});

describe('a part that was not kept at the time', () => {
  it.each(Object.keys(contract) as Part[])('%s: nothing is said of it', (part) => {
    const { [part]: _part, ...before } = contract;
    expect(changes(before, contract)).toEqual([]);
  });

  it('nor of operations that a tool starts', () => {
    const { startsOperation: _startsOperation, ...tool } = shipOrder;
    expect(changes({ tools: [tool] }, withChanged('tools', { startsOperation: true }))).toEqual([]);
  });

  it('nor of limits of what is read', () => {
    const { limits: _limits, ...resource } = contract.resources[0]!;
    expect(changes({ ...contract, resources: [resource as List<'resources'>[number]] }, contract)).toEqual(
      [],
    );
  });
});

import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import { Tool } from '@gantry/pipeline';
import { connectModern, startIssuer } from '@gantry/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { contractOf, serviceFindings, ServiceModule, startHttp, type ServiceContract } from '../src/index.ts';
import { AUDIENCE } from './fixture.ts';
import { begun, OrderModule, shipOrder, ShipOrderTool } from './orders-module.ts';

const env = { MCP_ORDER_KEY: 'k'.repeat(16) };
const events = [
  { name: 'order.shipped', version: 2, payload: z.object({ order_id: z.string() }).describe('Sent.') },
];

describe('contractOf', () => {
  let contract: ServiceContract;
  beforeAll(async () => {
    contract = await contractOf(OrderModule, { env, events });
  });

  it('has what is listed of a tool, and what is not', () => {
    expect(contract.tools.map(({ name }) => name)).toEqual(['health_check', 'ship_order']);
    expect(contract.tools[1]).toEqual({
      name: 'ship_order',
      version: 3,
      title: 'Ship an order',
      description: 'Ships an order.',
      inputSchema: expect.objectContaining({ required: ['order_id'] }),
      outputSchema: expect.objectContaining({ type: 'object' }),
      annotations: expect.objectContaining({ readOnlyHint: false }),
      _meta: { 'gantry/contract-version': 3 },
      scopes: ['orders:write'],
      effect: 'update',
      errors: ['order_lost'],
      limits: { callsPerMinute: 7, concurrent: 50, deadlineMs: 5_000 },
      startsOperation: true,
    });
    expect(contract.tools[0]).toMatchObject({ version: 1 });
    expect(contract.tools[0]).not.toHaveProperty('_meta');
  });

  it('has what is read, with the limits that hold', () => {
    expect(contract.resources).toMatchObject([
      { uri: 'config://server-settings', limits: { callsPerMinute: 120 } },
    ]);
    expect(contract.templates).toMatchObject([
      { uriTemplate: 'orders://orders/{order_id}', limits: { concurrent: 50 } },
    ]);
    expect(contract.prompts).toMatchObject([
      {
        name: 'review_order',
        arguments: { required: ['order_id'] },
        limits: { callsPerMinute: 120, deadlineMs: 9 },
      },
    ]);
  });

  it('has the events it was told of', () => {
    expect(contract.events).toEqual([
      {
        name: 'order.shipped',
        version: 2,
        payload: {
          type: 'object',
          description: 'Sent.',
          properties: { order_id: { type: 'string' } },
          required: ['order_id'],
          additionalProperties: false,
        },
      },
    ]);
  });

  it('has its settings and those of all libraries, as one writes them', () => {
    const named = new Map(contract.settings.map((one) => [one.name, one]));
    expect(named.get('MCP_ORDER_KEY')).toEqual({
      name: 'MCP_ORDER_KEY',
      group: 'orders',
      description: 'Signs.',
      secret: true,
      required: true,
      schema: { type: 'string', minLength: 16 },
    });
    expect(named.get('MCP_ORDER_MINUTES')).toMatchObject({
      required: false,
      default: '60',
      schema: { type: 'integer', minimum: 1, maximum: 600 },
    });
    expect(named.get('MCP_ORDER_STATES')?.default).toBe('paid,shipped');
    expect(named.get('MCP_ORDER_OPEN')?.default).toBe('true');
    expect(named.get('MCP_ORDER_NOTE')).not.toHaveProperty('default');
    expect([...named.keys()]).toEqual(
      expect.arrayContaining(['MCP_PORT', 'MCP_AUTH_ISSUER', 'MCP_SECRET_POLL_SECONDS']),
    );
  });

  it('has its metrics, and nothing was started to see them', () => {
    expect(contract.metrics).toContainEqual({
      name: 'mcp_requests_total',
      type: 'counter',
      help: expect.any(String),
      labels: ['tool', 'status'],
    });
    expect(contract.metrics.filter(({ name }) => !name.startsWith('mcp_'))).toEqual([]);
    expect(begun.times).toBe(0);
  });

  it('is the same each time, in the order of names', async () => {
    expect(await contractOf(OrderModule, { env, events })).toEqual(contract);
    for (const part of [contract.settings, contract.metrics])
      expect(part.map(({ name }) => name)).toEqual(part.map(({ name }) => name).sort());
  });

  it('is JSON', () => {
    expect(JSON.parse(JSON.stringify(contract))).toEqual(contract);
  });
});

describe('the version of a contract', () => {
  it('is in tools/list from the second on', async () => {
    const issuer = await startIssuer();
    const config = Config.of(collectSettings({ module: ServiceModule, imports: [OrderModule] }), {
      ...env,
      MCP_LOG_LEVEL: 'fatal',
      MCP_PORT: '0',
      MCP_AUTH_AUDIENCE: AUDIENCE,
      MCP_AUTH_ISSUER: issuer.url,
    });
    const running = await startHttp(
      ServiceModule.around(OrderModule, config, new ServiceInfo('orders', '1.2.3')),
    );
    const token = await issuer.token({ audience: AUDIENCE, tenant: 'acme', scopes: ['orders:write'] });
    const client = await connectModern(running.url, token);
    const tools = (await client.listTools()) as readonly { name: string; _meta?: object }[];
    await client.close();
    await running.stop();
    config.close();
    await issuer.close();
    expect(tools.map(({ name, _meta }) => [name, _meta])).toEqual([
      ['health_check', undefined],
      ['ship_order', { 'gantry/contract-version': 3 }],
    ]);
  });
});

describe('serviceFindings', () => {
  it('names the tool that does not keep the rules', () => {
    expect(serviceFindings(OrderModule)).toEqual(
      expect.arrayContaining([
        'ship_order: description is too short to tell when to use the tool and when not',
      ]),
    );
  });

  it('counts the tools that every service has', () => {
    const tools = Array.from({ length: 16 }, (_, index) => {
      @Tool({ ...shipOrder, name: `ship_${index}` })
      class AnyTool extends ShipOrderTool {}
      return AnyTool;
    });
    @Module({ providers: tools })
    class ManyModule {}
    expect(serviceFindings(ManyModule)).toContain(
      'there are 17 tools, and 16 are as many as a service may have',
    );
  });
});

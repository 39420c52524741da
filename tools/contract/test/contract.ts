import type { Snapshot, ToolSnapshot } from '../src/snapshot.ts';

const limits = { callsPerMinute: 60, concurrent: 50, deadlineMs: 5_000 };

/** A tool of a service that exists for these tests alone. */
export const shipOrder: ToolSnapshot = {
  name: 'ship_order',
  version: 1,
  title: 'Ship an order',
  description: 'Ships an order. Errors: order_not_found (see list_orders). At most 60 calls a minute.',
  inputSchema: {
    type: 'object',
    properties: {
      order_id: { type: 'string', maxLength: 30, description: 'As list_orders has it.' },
      idempotency_key: {
        type: 'string',
        minLength: 8,
        maxLength: 200,
        description: 'Names what you intend.',
      },
    },
    required: ['order_id'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: { state: { enum: ['paid', 'shipped'] } },
    required: ['state'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: false, destructiveHint: true },
  scopes: ['orders:write'],
  effect: 'update',
  errors: ['order_not_found'],
  limits,
  startsOperation: false,
};

/** Its contract: one of everything. */
export const contract: Required<Snapshot> = {
  tools: [shipOrder],
  resources: [
    {
      uri: 'config://server-settings',
      name: 'server-settings',
      title: 'Server settings',
      description: 'How it is set up.',
      mimeType: 'application/json',
      scopes: [],
      ttlMs: 60_000,
      limits,
    },
  ],
  templates: [
    {
      uriTemplate: 'orders://orders/{order_id}',
      name: 'order',
      title: 'Order',
      description: 'An order.',
      mimeType: 'application/json',
      scopes: ['orders:read'],
      ttlMs: 0,
      limits,
    },
  ],
  prompts: [
    {
      name: 'review_order',
      title: 'Review an order',
      description: 'Looks at an order.',
      arguments: {
        type: 'object',
        properties: { order_id: { type: 'string', maxLength: 30, description: 'Which.' } },
        required: ['order_id'],
        additionalProperties: false,
      },
      scopes: ['orders:read'],
      limits,
    },
  ],
  events: [
    {
      name: 'order.shipped',
      version: 1,
      payload: {
        type: 'object',
        description: 'An order was sent.',
        properties: { order_id: { type: 'string' } },
        required: ['order_id'],
        additionalProperties: false,
      },
    },
  ],
  settings: [
    {
      name: 'MCP_ORDERS_MINUTES',
      group: 'orders',
      description: 'How long stock is kept.',
      secret: false,
      required: false,
      default: '60',
      schema: { type: 'integer', minimum: 1, maximum: 600 },
    },
    {
      name: 'MCP_DATABASE_URL',
      group: 'postgres',
      description: 'Where the data is.',
      secret: true,
      required: true,
      schema: { type: 'string', format: 'uri' },
    },
  ],
  metrics: [{ name: 'mcp_requests_total', type: 'counter', help: 'Calls.', labels: ['tool', 'status'] }],
};

import { AuthModule } from '@gantry/auth';
import { defineSettings, flag, list, secret, setting, UsesSettings } from '@gantry/config';
import { Prompt, ResourceTemplate, type PromptHandler, type ResourceTemplateHandler } from '@gantry/mcp';
import { defineTool, Tool, type ToolHandler } from '@gantry/pipeline';
import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';

export const shipOrder = defineTool({
  name: 'ship_order',
  version: 3,
  title: 'Ship an order',
  description: 'Ships an order.',
  input: z.strictObject({ order_id: z.string().max(30).describe('Which.') }),
  output: z.object({ operation: z.object({}).optional() }),
  scopes: ['orders:write'],
  effect: 'update',
  errors: ['order_lost'],
  limits: { callsPerMinute: 7 },
  startsOperation: true,
});

@Injectable()
@Tool(shipOrder)
export class ShipOrderTool implements ToolHandler<typeof shipOrder> {
  call(): Promise<object> {
    return Promise.resolve({});
  }
}

const reviewOrder = {
  name: 'review_order',
  title: 'Review an order',
  description: 'Looks at it.',
  arguments: z.strictObject({ order_id: z.string().max(30).describe('Which.') }),
  scopes: ['orders:read'],
  limits: { deadlineMs: 9 },
};

@Injectable()
@Prompt(reviewOrder)
class ReviewOrderPrompt implements PromptHandler<typeof reviewOrder> {
  render() {
    return Promise.resolve([]);
  }
}

@Injectable()
@ResourceTemplate({
  uriTemplate: 'orders://orders/{order_id}',
  name: 'order',
  title: 'Order',
  description: 'An order.',
  mimeType: 'application/json',
  scopes: ['orders:read'],
  ttlMs: 0,
})
class OrderResource implements ResourceTemplateHandler {
  read() {
    return Promise.resolve(undefined);
  }
}

/** How often a part of it was told to begin. */
export const begun = { times: 0 };

@Injectable()
class Counted implements OnModuleInit {
  onModuleInit(): void {
    begun.times++;
  }
}

const orderSettings = defineSettings('orders', {
  key: secret('MCP_ORDER_KEY', z.string().min(16), { description: 'Signs.' }),
  minutes: setting('MCP_ORDER_MINUTES', z.coerce.number().int().min(1).max(600).default(60), {
    description: 'Minutes.',
  }),
  states: setting('MCP_ORDER_STATES', list(z.string()).default(['paid', 'shipped']), {
    description: 'States.',
  }),
  open: setting('MCP_ORDER_OPEN', flag().default(true), { description: 'Open?' }),
  note: setting('MCP_ORDER_NOTE', z.string().default(''), { description: 'Note.' }),
});

@Module({
  imports: [AuthModule.forRoot({})],
  providers: [ShipOrderTool, ReviewOrderPrompt, OrderResource, Counted],
})
@UsesSettings(orderSettings)
export class OrderModule {}

import { testContract } from '@gantry/contract';
import { contractOf, serviceFindings } from '@gantry/service';
import { ORDER_EVENTS } from '../src/events/order-events.ts';
import { OrdersModule } from '../src/orders.module.ts';

testContract({
  service: 'orders',
  contract: await contractOf(OrdersModule, {
    events: ORDER_EVENTS,
    env: {
      MCP_DATABASE_URL: 'postgres://localhost/orders',
      MCP_REDIS_URL: 'redis://localhost',
      MCP_REMOTE_PAYMENTS_URL: 'https://payments.example/mcp',
      MCP_REMOTE_RECORDS_URL: 'https://records.example/mcp',
    },
  }),
  findings: serviceFindings(OrdersModule),
  tokenBudget: 10_250,
  folder: new URL('../contract/', import.meta.url),
});

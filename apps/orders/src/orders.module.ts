import { auditMigrations, AuditModule } from '@gantry/audit';
import { AuthModule } from '@gantry/auth';
import { CacheModule } from '@gantry/cache';
import { UsesSettings } from '@gantry/config';
import { FilesModule, filesMigrations } from '@gantry/files';
import { IdempotencyModule, idempotencyMigrations } from '@gantry/idempotency';
import { CancelOperationTool, CheckOperationStatusTool, JobsModule, jobsMigrations } from '@gantry/jobs';
import { McpClientModule } from '@gantry/mcp-client';
import { PaginationModule } from '@gantry/pagination';
import { PostgresModule, type MigrationSource } from '@gantry/postgres';
import { RateLimitModule } from '@gantry/rate-limit';
import { Module } from '@nestjs/common';
import { CatalogueImports } from './desk/catalogue-imports.ts';
import { OrderDesk } from './desk/order-desk.ts';
import { OrderPayments } from './desk/order-payments.ts';
import { OrderSteps } from './desk/order-steps.ts';
import { PaymentCompletion } from './desk/payment-completion.ts';
import { PaymentDesk } from './desk/payment-desk.ts';
import { ordersSettings } from './orders.config.ts';
import { ResolveOrderProblemPrompt } from './prompts/resolve-order-problem.prompt.ts';
import { paymentsServer, PaymentsServer } from './remote/payments-server.ts';
import { recordsServer, RecordsServer } from './remote/records-server.ts';
import { CustomerResource } from './resources/customer.resource.ts';
import { ImportRejectionsResource } from './resources/import-rejections.resource.ts';
import { OrderResource } from './resources/order.resource.ts';
import { ProductResource } from './resources/product.resource.ts';
import { ConfirmationStore } from './store/confirmation.store.ts';
import { CustomerStore } from './store/customer.store.ts';
import { OrderStore } from './store/order.store.ts';
import { PaymentAttemptStore } from './store/payment-attempt.store.ts';
import { ProductStore } from './store/product.store.ts';
import { Stock } from './store/stock.store.ts';
import { UnfinishedWork } from './store/unfinished-work.ts';
import { CancelOrderTool } from './tools/cancel-order.tool.ts';
import { CreateCustomerTool } from './tools/create-customer.tool.ts';
import { CreateOrderTool } from './tools/create-order.tool.ts';
import { GetCustomerTool } from './tools/get-customer.tool.ts';
import { GetOrderTool } from './tools/get-order.tool.ts';
import { GetProductTool } from './tools/get-product.tool.ts';
import { ImportCatalogueTool } from './tools/import-catalogue.tool.ts';
import { ListOrdersTool } from './tools/list-orders.tool.ts';
import { PayOrderTool } from './tools/pay-order.tool.ts';
import { RestockProductTool } from './tools/restock-product.tool.ts';
import { ReturnOrderTool } from './tools/return-order.tool.ts';
import { SearchProductsTool } from './tools/search-products.tool.ts';
import { ShipOrderTool } from './tools/ship-order.tool.ts';
import { CompletePayments } from './workflows/complete-payments.ts';
import { ConfirmOrder } from './workflows/confirm-order.ts';
import { ExpireReservations } from './workflows/expire-reservations.ts';
import { FindUnfinishedWork } from './workflows/find-unfinished-work.ts';
import { ImportCatalogue } from './workflows/import-catalogue.ts';
import { OverdueWork } from './workflows/overdue-work.ts';
import { RefundOrder } from './workflows/refund-order.ts';
import { WantReceipt } from './workflows/want-receipt.ts';
import { WriteReceipt } from './workflows/write-receipt.ts';

/** All tables of the service, those of the libraries it uses first. */
export const migrations: readonly MigrationSource[] = [
  idempotencyMigrations,
  auditMigrations,
  jobsMigrations,
  filesMigrations,
  { name: 'orders', directory: new URL('../migrations/', import.meta.url) },
];

/** The orders service: what it is made of, at a glance. */
@Module({
  imports: [
    PostgresModule.forRoot({ migrations }),
    // Whoever may change orders may not give them prices: that right comes with no other.
    AuthModule.forRoot({ scopesSupported: ['orders:read', 'orders:write'] }),
    IdempotencyModule,
    RateLimitModule,
    CacheModule,
    AuditModule,
    PaginationModule,
    JobsModule,
    FilesModule,
    McpClientModule.forRoot([paymentsServer, recordsServer]),
  ],
  providers: [
    // Tools, in the order in which they are listed: catalogue,
    SearchProductsTool,
    GetProductTool,
    RestockProductTool,
    CreateCustomerTool,
    GetCustomerTool,
    ImportCatalogueTool,
    // orders,
    CreateOrderTool,
    GetOrderTool,
    ListOrdersTool,
    PayOrderTool,
    CancelOrderTool,
    ShipOrderTool,
    ReturnOrderTool,
    // operations.
    CheckOperationStatusTool,
    CancelOperationTool,
    // Resources and prompts.
    ProductResource,
    CustomerResource,
    OrderResource,
    ImportRejectionsResource,
    ResolveOrderProblemPrompt,
    // What outlives a call.
    ConfirmOrder,
    ExpireReservations,
    ImportCatalogue,
    CompletePayments,
    WantReceipt,
    WriteReceipt,
    RefundOrder,
    FindUnfinishedWork,
    OverdueWork,
    // What they stand on: catalogue,
    CatalogueImports,
    CustomerStore,
    ProductStore,
    Stock,
    // orders.
    OrderDesk,
    OrderPayments,
    OrderSteps,
    OrderStore,
    ConfirmationStore,
    // payments.
    PaymentDesk,
    PaymentCompletion,
    PaymentAttemptStore,
    UnfinishedWork,
    PaymentsServer,
    RecordsServer,
  ],
})
@UsesSettings(ordersSettings)
export class OrdersModule {}

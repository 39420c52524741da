import { auditMigrations, AuditModule } from '@gantry/audit';
import { AuthModule, ScopeHierarchy } from '@gantry/auth';
import { Config, UsesSettings } from '@gantry/config';
import { FilesModule, filesMigrations } from '@gantry/files';
import { IdempotencyModule, idempotencyMigrations } from '@gantry/idempotency';
import { JobsModule, jobsMigrations } from '@gantry/jobs';
import { PaginationModule } from '@gantry/pagination';
import { PostgresModule, type MigrationSource } from '@gantry/postgres';
import { RateLimitModule } from '@gantry/rate-limit';
import { Resilience } from '@gantry/resilience';
import { Module, RequestMethod, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { Answers } from './desk/answers.ts';
import { Approvals } from './desk/approvals.ts';
import { Completion } from './desk/completion.ts';
import { PaymentDesk } from './desk/payment-desk.ts';
import { ProviderChanges } from './desk/provider-changes.ts';
import { ProviderSteps } from './desk/provider-steps.ts';
import { Reconciliations } from './desk/reconciliations.ts';
import { paymentsSettings } from './payments.config.ts';
import { PaymentProvider } from './provider/payment-provider.ts';
import { stripeProvider } from './provider/stripe-provider.ts';
import { stripeSettings } from './provider/stripe.config.ts';
import { ReconciliationDifferencesResource } from './resources/reconciliation-differences.resource.ts';
import { ReconciliationRejectionsResource } from './resources/reconciliation-rejections.resource.ts';
import { ApprovalStore } from './store/approval.store.ts';
import { Ledger } from './store/ledger.ts';
import { OperationLeases } from './store/operation-leases.ts';
import { OperationLog } from './store/operation-log.ts';
import { PaymentStore } from './store/payment.store.ts';
import { ProviderEventStore } from './store/provider-event.store.ts';
import { ReconciliationStore } from './store/reconciliation.store.ts';
import { ApprovePaymentTool } from './tools/approve-payment.tool.ts';
import { AuthorizePaymentTool } from './tools/authorize-payment.tool.ts';
import { CancelPaymentTool } from './tools/cancel-payment.tool.ts';
import { CapturePaymentTool } from './tools/capture-payment.tool.ts';
import { FindPaymentByKeyTool } from './tools/find-payment-by-key.tool.ts';
import { GetBalanceTool } from './tools/get-balance.tool.ts';
import { GetPaymentTool } from './tools/get-payment.tool.ts';
import { ListLedgerEntriesTool } from './tools/list-ledger-entries.tool.ts';
import { ListPaymentsTool } from './tools/list-payments.tool.ts';
import { CancelReconciliationTool, CheckReconciliationTool } from './tools/operation-tools.ts';
import { ProcessPaymentTool } from './tools/process-payment.tool.ts';
import { RefundPaymentTool } from './tools/refund-payment.tool.ts';
import { StartReconciliationTool } from './tools/start-reconciliation.tool.ts';
import { ProviderNews } from './webhooks/provider-news.ts';
import { STRIPE_WEBHOOK_PATH, StripeWebhook } from './webhooks/stripe-webhook.ts';
import { CompleteOperations } from './workflows/complete-operations.ts';
import { ExpireApprovals } from './workflows/expire-approvals.ts';
import { FindStuckOperations } from './workflows/find-stuck-operations.ts';
import { FollowProviderNews } from './workflows/follow-provider-news.ts';
import { ForgetProviderEvents } from './workflows/forget-provider-events.ts';
import { OverdueWork } from './workflows/overdue-work.ts';
import { PurgeReconciliations } from './workflows/purge-reconciliations.ts';
import { Reconcile } from './workflows/reconcile.ts';

/** All tables of the service, those of the libraries it uses first. */
export const migrations: readonly MigrationSource[] = [
  idempotencyMigrations,
  auditMigrations,
  jobsMigrations,
  filesMigrations,
  { name: 'payments', directory: new URL('../migrations/', import.meta.url) },
];

/** The payments service: what it is made of, at a glance. */
@Module({
  imports: [
    PostgresModule.forRoot({ migrations }),
    AuthModule.forRoot({
      // Who approves has to see what. That an administrator may approve is nobody's accident: it has to be granted.
      hierarchy: new ScopeHierarchy({ 'payments:approve': ['payments:read'] }),
      scopesSupported: ['payments:read', 'payments:write'],
    }),
    IdempotencyModule,
    RateLimitModule,
    AuditModule,
    PaginationModule,
    JobsModule,
    FilesModule,
  ],
  providers: [
    // Tools, in the order in which they are listed.
    ProcessPaymentTool,
    AuthorizePaymentTool,
    CapturePaymentTool,
    CancelPaymentTool,
    RefundPaymentTool,
    GetPaymentTool,
    ListPaymentsTool,
    FindPaymentByKeyTool,
    ApprovePaymentTool,
    ListLedgerEntriesTool,
    GetBalanceTool,
    StartReconciliationTool,
    CheckReconciliationTool,
    CancelReconciliationTool,
    // Resources.
    ReconciliationDifferencesResource,
    ReconciliationRejectionsResource,
    // What outlives a call.
    CompleteOperations,
    FindStuckOperations,
    ExpireApprovals,
    ForgetProviderEvents,
    FollowProviderNews,
    Reconcile,
    PurgeReconciliations,
    OverdueWork,
    // Webhooks.
    StripeWebhook,
    ProviderNews,
    // What they stand on.
    PaymentDesk,
    Approvals,
    Answers,
    Completion,
    ProviderChanges,
    ProviderSteps,
    Reconciliations,
    {
      provide: PaymentProvider,
      inject: [Config, Resilience],
      useFactory: (config: Config, resilience: Resilience) => stripeProvider(config, resilience),
    },
    PaymentStore,
    OperationLog,
    OperationLeases,
    ApprovalStore,
    Ledger,
    ReconciliationStore,
    ProviderEventStore,
  ],
})
@UsesSettings(paymentsSettings, stripeSettings)
export class PaymentsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(StripeWebhook).forRoutes({ path: STRIPE_WEBHOOK_PATH, method: RequestMethod.POST });
  }
}

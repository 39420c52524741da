import type { Alert } from './alert.ts';

/** What only orders can suffer from. */
export const orderAlerts: readonly Alert[] = [
  {
    name: 'PaymentAttemptsStuck',
    expr: 'max by (namespace, job) (mcp_overdue_work{SELF,kind="payment_attempt"}) > 0',
    for: '5m',
    severity: 'critical',
    summary: 'Orders hang while they are being paid',
    description:
      'For half an hour nobody has asked payments what became of {{ $value }} attempts to pay an order. Customers may have been charged for orders that do not go on.',
  },
  {
    name: 'OrderWorkOverdue',
    expr: 'max by (namespace, job, kind) (mcp_overdue_work{SELF,kind=~"receipt|refund|reservation"}) > 0',
    for: '10m',
    severity: 'ticket',
    summary: 'Orders wait for what should be done: {{ $labels.kind }}',
    description:
      '{{ $value }} orders have a {{ $labels.kind }} that should long have been dealt with: a receipt to write, money to give back, or stock that an unpaid order keeps.',
  },
  {
    name: 'RefundRefused',
    expr: 'sum by (namespace, job) (increase(mcp_order_refunds_total{SELF,outcome="failed"}[6h])) > 0',
    for: '0m',
    severity: 'ticket',
    summary: 'A customer does not get money back',
    description:
      'About {{ $value | humanize }} refunds of orders were refused for good within 6 hours. Nothing tries them again: somebody has to give the money back by other means.',
  },
];

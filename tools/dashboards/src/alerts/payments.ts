import type { Alert } from './alert.ts';

/** What only payments can suffer from. */
export const paymentAlerts: readonly Alert[] = [
  {
    name: 'PaymentOperationsStuck',
    expr: 'max by (namespace, job) (mcp_overdue_work{SELF,kind="payment_operation"}) > 0',
    for: '5m',
    severity: 'critical',
    summary: 'It is not known whether money has moved',
    description:
      '{{ $value }} operations at the payment provider have been open for more than a quarter of an hour: money may or may not have moved, and nothing else can be done with these payments until that is known.',
  },
];

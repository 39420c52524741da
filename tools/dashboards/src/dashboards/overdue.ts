import { curves } from './panel.ts';

const OVERDUE = { expr: 'max by (kind) (mcp_overdue_work{SELF})', legend: '{{kind}}' };

/** What payments has not brought to an end. */
export const overduePayments = curves(
  'Overdue work',
  'short',
  'Operations at the payment provider that have been open for more than a quarter of an hour. Should be zero.',
  [OVERDUE],
);

/** What orders has not brought to an end. */
export const overdueOrders = curves(
  'Overdue work',
  'short',
  'Payments nobody asks about, receipts, refunds and expired reservations nobody deals with, for half an hour. Should be zero.',
  [OVERDUE],
);

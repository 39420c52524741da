import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { PaymentView, paymentView } from '../desk/payment.view.ts';
import { OPERATION_KINDS, type OperationKind } from '../domain/operation.ts';
import { paymentNotFound } from '../domain/refusals.ts';
import { ApprovalStore } from '../store/approval.store.ts';
import { OperationLog } from '../store/operation-log.ts';
import { PaymentStore } from '../store/payment.store.ts';
import { CARD_NUMBER_REFUSED, NO_CARD_NUMBERS, paymentId, paymentInput } from './inputs.ts';

const actor = z.object({ subject: z.string(), client: z.string() });

const getPayment = defineTool({
  name: 'get_payment',
  title: 'Look at a payment',
  description:
    'Shows how a payment stands: its state and amounts, what is under way with it, who asked for it and who approved it. ' +
    'Use it after dependency_unavailable or a timeout, and before you capture, cancel or refund. Use list_payments or ' +
    'find_payment_by_key if you do not have the id. Errors: payment_not_found (check the id, see list_payments), ' +
    `${NO_CARD_NUMBERS}. At most 300 calls a minute.`,
  input: paymentInput({ payment_id: paymentId }),
  output: PaymentView.extend({
    created_by: actor,
    under_way: z
      .enum(OPERATION_KINDS as unknown as [OperationKind, ...OperationKind[]])
      .optional()
      .describe('What has been begun and has not ended yet.'),
    approval: z
      .object({
        decision: z.enum(['approved', 'rejected']),
        method: z.enum(['second_principal', 'elicitation']),
        decided_by: actor,
        decided_at: z.string(),
        reason: z.string().optional(),
      })
      .optional(),
  }),
  scopes: ['payments:read'],
  effect: 'read',
  errors: ['payment_not_found', CARD_NUMBER_REFUSED],
  limits: { callsPerMinute: 300 },
});

/** Shows payments. */
@Injectable()
@Tool(getPayment)
export class GetPaymentTool implements ToolHandler<typeof getPayment> {
  constructor(
    private readonly payments: PaymentStore,
    private readonly operations: OperationLog,
    private readonly approvals: ApprovalStore,
  ) {}

  async call({ payment_id: id }: InputOf<typeof getPayment>): Promise<OutputOf<typeof getPayment>> {
    const [payment, operation, approval] = await Promise.all([
      this.payments.find(id),
      this.operations.unfinishedOf(id),
      this.approvals.find(id),
    ]);
    if (!payment) throw paymentNotFound(id);
    return {
      ...paymentView(payment),
      created_by: payment.createdBy,
      ...(operation && { under_way: operation.kind }),
      ...(approval && {
        approval: {
          decision: approval.decision,
          method: approval.method,
          decided_by: approval.decidedBy,
          decided_at: approval.decidedAt,
          ...(approval.reason !== null && { reason: approval.reason }),
        },
      }),
    };
  }
}

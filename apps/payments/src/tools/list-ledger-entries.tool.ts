import { pageInput, pageOutput, Pages, pickFields } from '@gantry/pagination';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ACCOUNT_NAMES, POSTING_KINDS, type Account } from '../domain/posting.ts';
import { Ledger, type EntryPosition } from '../store/ledger.ts';
import { CARD_NUMBER_REFUSED, currency, NO_CARD_NUMBERS, paymentId, paymentInput } from './inputs.ts';

/** The accounts, as an input. */
export const account = z
  .enum(ACCOUNT_NAMES as [Account, ...Account[]])
  .optional()
  .describe(
    'provider_clearing: what the provider still has to pay out; merchant_balance: what the merchant is owed.',
  );

const EntryView = z.object({
  transaction_id: z.string(),
  line: z.int(),
  kind: z.enum(POSTING_KINDS as unknown as ['capture', 'refund', 'refund_failed']),
  payment_id: z.string(),
  account: z.string(),
  direction: z.enum(['debit', 'credit']),
  amount: z.int().describe('In minor units.'),
  currency: z.string(),
  posted_at: z.string(),
});

const FIELDS = { allowed: Object.keys(EntryView.shape), always: ['transaction_id', 'line'] } as const;

const listLedgerEntries = defineTool({
  name: 'list_ledger_entries',
  title: 'List ledger entries',
  description:
    'Lists the entries of the double-entry ledger, the latest first, in pages: one debit and one credit for each capture ' +
    'and each refund. Use it to see which movements a payment or a balance is made of; use get_balance for sums. ' +
    `Authorizations move no money and have no entries. Errors: ${NO_CARD_NUMBERS}. At most 120 calls a minute.`,
  input: paymentInput({
    account,
    currency: currency.optional(),
    payment_id: paymentId.optional(),
    ...pageInput,
  }),
  output: pageOutput(EntryView, FIELDS.always),
  scopes: ['payments:read'],
  effect: 'read',
  errors: [CARD_NUMBER_REFUSED],
});

/** Lists what was posted. */
@Injectable()
@Tool(listLedgerEntries)
export class ListLedgerEntriesTool implements ToolHandler<typeof listLedgerEntries> {
  constructor(
    private readonly ledger: Ledger,
    private readonly pages: Pages,
  ) {}

  async call(
    input: InputOf<typeof listLedgerEntries>,
    call: ToolCall,
  ): Promise<OutputOf<typeof listLedgerEntries>> {
    const { account, currency, payment_id: paymentId, fields, limit, cursor } = input;
    const pick = pickFields(fields, FIELDS);
    const query = { account, currency, paymentId };
    const before = this.pages.position<EntryPosition>(call, query, cursor);
    const rows = await this.ledger.entries({ account, currency, paymentId, before, limit: limit + 1 });
    return this.pages.page({
      call,
      query,
      rows,
      limit,
      positionOf: ({ transactionId, line }) => [transactionId, line],
      toItem: (entry) =>
        pick({
          transaction_id: entry.transactionId,
          line: entry.line,
          kind: entry.kind,
          payment_id: entry.paymentId,
          account: entry.account,
          direction: entry.direction,
          amount: entry.amount,
          currency: entry.currency,
          posted_at: entry.postedAt,
        }),
    });
  }
}

import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { balanceOf } from '../domain/posting.ts';
import { Ledger } from '../store/ledger.ts';
import { CARD_NUMBER_REFUSED, currency, NO_CARD_NUMBERS, paymentInput } from './inputs.ts';
import { account } from './list-ledger-entries.tool.ts';

const getBalance = defineTool({
  name: 'get_balance',
  title: 'Read balances',
  description:
    'Tells what the accounts of the ledger hold, for each currency: all that was captured less all that was refunded. Use ' +
    'it for sums; use list_ledger_entries for what they are made of. Money that is only held is in no balance. An account ' +
    `that nothing was ever posted to is left out. Errors: ${NO_CARD_NUMBERS}. At most 120 calls a minute.`,
  input: paymentInput({ account, currency: currency.optional() }),
  output: z.object({
    balances: z.array(
      z.object({
        account: z.string(),
        currency: z.string(),
        balance: z.string().describe('In minor units; text, because sums may outgrow a number.'),
        debits: z.string(),
        credits: z.string(),
      }),
    ),
  }),
  scopes: ['payments:read'],
  effect: 'read',
  errors: [CARD_NUMBER_REFUSED],
});

/** Reads balances. */
@Injectable()
@Tool(getBalance)
export class GetBalanceTool implements ToolHandler<typeof getBalance> {
  constructor(private readonly ledger: Ledger) {}

  async call({ account, currency }: InputOf<typeof getBalance>): Promise<OutputOf<typeof getBalance>> {
    const totals = await this.ledger.totals({ ...(account && { account }), ...(currency && { currency }) });
    return {
      balances: totals.map((total) => ({
        account: total.account,
        currency: total.currency,
        balance: `${balanceOf(total)}`,
        debits: `${total.debits}`,
        credits: `${total.credits}`,
      })),
    };
  }
}

import { businessError, sharedError } from '@gantry/errors';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const name = z.string().max(100).describe('Names the payment.');
const form = z.object({ approve: z.boolean(), note: z.string().max(20).optional() });

/** How the tools behave that no input should decide. */
export const mood = { amount: '10 EUR', failures: 0, runs: 0 };

const approvePayment = defineTool({
  name: 'approve_payment',
  title: 'Approve',
  description: 'Approves a payment, if a person says so.',
  input: z.strictObject({
    name,
    mode: z.enum(['plain', 'two', 'both', 'deaf', 'nested', 'odd key']).default('plain'),
  }),
  output: z.object({ name: z.string(), said: z.array(z.string()) }),
  scopes: ['things:write'],
  effect: 'update',
  errors: ['approval_needed', 'approval_declined'],
});

/** Writes first and asks then, so that tests see whether the write is undone. */
@Injectable()
@Tool(approvePayment)
export class ApprovePaymentTool implements ToolHandler<typeof approvePayment> {
  constructor(private readonly database: Database) {}

  async call(
    { name, mode }: InputOf<typeof approvePayment>,
    call: ToolCall,
  ): Promise<OutputOf<typeof approvePayment>> {
    mood.runs++;
    await this.database.sql`
      insert into approved_payments (tenant_id, name) values (${call.principal.tenant}, ${name})`;
    if (!call.canAsk) throw businessError('approval_needed', 'A person must say so.', 'Use another way.');
    const said = await this.#ask(mode, name, call);
    if (mood.failures > 0) {
      mood.failures--;
      throw sharedError('dependency_unavailable', 'Try again.');
    }
    return { name, said };
  }

  async #ask(mode: string, name: string, call: ToolCall): Promise<string[]> {
    if (mode === 'nested')
      await call.ask('deep', { message: 'Deep?', schema: z.object({ a: z.object({}) }) });
    if (mode === 'odd key') await call.ask('__proto__', { message: 'Odd?', schema: form });
    if (mode === 'deaf') return [await ask(call, 'approve', `Pay ${name}?`).catch(() => 'swallowed')];
    if (mode === 'both') return Promise.all([ask(call, 'first', 'One?'), ask(call, 'second', 'Two?')]);
    const first = await ask(call, 'approve', `Pay ${mood.amount} for ${name}?`);
    return mode === 'two' ? [first, await ask(call, 'confirm', `Sure? You said ${first}.`)] : [first];
  }
}

async function ask(call: ToolCall, key: string, message: string): Promise<string> {
  const answer = await call.ask(key, { message, schema: form });
  if (answer.action !== 'accept')
    throw businessError('approval_declined', `The person chose ${answer.action}.`, 'Stop.');
  if (!answer.content.approve) throw businessError('approval_declined', 'The person said no.', 'Stop.');
  return answer.content.note ?? 'yes';
}

const payOut = defineTool({
  name: 'pay_out',
  title: 'Pay out',
  description: 'Sends money, if a person says so.',
  input: z.strictObject({ name, two: z.boolean().default(false) }),
  output: z.object({ name: z.string(), said: z.array(z.string()) }),
  scopes: ['things:write'],
  effect: 'external',
  errors: ['approval_declined'],
});

/** What left the building. */
export const paidOut: string[] = [];

/** Has no transaction of its own. */
@Injectable()
@Tool(payOut)
export class PayOutTool implements ToolHandler<typeof payOut> {
  async call({ name, two }: InputOf<typeof payOut>, call: ToolCall): Promise<OutputOf<typeof payOut>> {
    const said = [await ask(call, 'approve', `Send ${name}?`)];
    if (two) said.push(await ask(call, 'confirm', 'Sure?'));
    if (mood.failures > 0) {
      mood.failures--;
      throw sharedError('dependency_unavailable', 'Try again.');
    }
    paidOut.push(name);
    return { name, said };
  }
}

const peekPayment = defineTool({
  name: 'peek_payment',
  title: 'Peek',
  description: 'Asks though it only reads.',
  input: z.strictObject({}),
  output: z.object({}),
  scopes: ['things:write'],
  effect: 'read',
});

/** Breaks the rule that only tools that write may ask. */
@Injectable()
@Tool(peekPayment)
export class PeekPaymentTool implements ToolHandler<typeof peekPayment> {
  async call(_input: InputOf<typeof peekPayment>, call: ToolCall): Promise<OutputOf<typeof peekPayment>> {
    await ask(call, 'approve', 'May I?');
    return {};
  }
}

import { validationError } from '@gantry/errors';
import { FILE_ERRORS, fileInput, fileOutput, HOW_TO_SEND, Uploads, uploadView } from '@gantry/files';
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
import { Reconciliations } from '../desk/reconciliations.ts';
import { fileTooLong, type Period } from '../domain/reconciliation.ts';
import { MAX_SETTLEMENT_LINES } from '../domain/settlement.ts';
import { CARD_NUMBER_REFUSED, paymentInput } from './inputs.ts';

const ISO_TIME = z.iso.datetime({ offset: true });

/** Of this century: before there are no payments. Not `ISO_TIME` itself, whose pattern costs a model hundreds of tokens. */
const time = z
  .string()
  .max(40)
  .regex(/^20\d\d-/, 'must be a time of this century')
  .refine((text) => ISO_TIME.safeParse(text).success, 'must be a time in ISO 8601, with Z or an offset');

const startReconciliation = defineTool({
  name: 'start_reconciliation',
  title: 'Reconcile the ledger with the provider',
  description:
    "Compares the ledger with what the provider reports to have settled, in the background. The file is Stripe's report " +
    '"Itemized balance change from activity" as CSV, with the columns reporting_category, payment_intent_id, source_id, ' +
    'gross and currency (others are not read), at most 1,000,000 lines; from and to are the period that it covers. Use it ' +
    'to find money that only one side knows of; use get_balance or list_ledger_entries to read the ledger alone. ' +
    `${HOW_TO_SEND} ` +
    'The result counts movements: matched, missing_in_ledger, missing_at_provider (posted in the period, not in the ' +
    'file), different (amount or currency; lines of one charge or refund are added up); and lines: ignored (fees, ' +
    'payouts, …) and rejected. It shows the first 20 differences and rejections and where all of them are. Report ' +
    'differences to the user: it corrects nothing. A header without these columns fails the operation ' +
    '(file_header_invalid). Errors: file_too_long (ask for a shorter period), card_number_refused (leave out the column ' +
    'that holds what looks like a card number). At most 300 calls a minute.',
  input: paymentInput({
    from: time.describe('Where the period begins: "2026-11-01T00:00:00Z".'),
    to: time.describe('Where it ends; no longer part of it.'),
    ...fileInput,
  }),
  output: z.object(fileOutput),
  scopes: ['payments:write'],
  effect: 'create',
  errors: [...FILE_ERRORS, 'file_too_long', CARD_NUMBER_REFUSED],
  limits: { callsPerMinute: 300, concurrent: 10, deadlineMs: 15_000 },
  startsOperation: true,
});

/** Takes settlement reports and starts to compare them. */
@Injectable()
@Tool(startReconciliation)
export class StartReconciliationTool implements ToolHandler<typeof startReconciliation> {
  constructor(
    private readonly uploads: Uploads,
    private readonly reconciliations: Reconciliations,
  ) {}

  async call(
    input: InputOf<typeof startReconciliation>,
    call: ToolCall,
  ): Promise<OutputOf<typeof startReconciliation>> {
    const period = periodOf(input);
    const of = { purpose: call.tool.name, parameters: { ...period } };
    const upload = await this.uploads.receive(call.principal, of, input);
    // One more for the header.
    if (upload.lines > MAX_SETTLEMENT_LINES + 1) throw fileTooLong();
    if (input.last) return { operation: await this.reconciliations.start(call, upload, period) };
    return { upload: uploadView(upload) };
  }
}

function periodOf({ from, to }: Period): Period {
  const [begins, ends] = [new Date(from), new Date(to)];
  if (begins < ends) return { from: begins.toISOString(), to: ends.toISOString() };
  throw validationError('The period ends before it begins.', [
    { path: '/to', message: 'must be after from' },
  ]);
}

import type { OperationView } from '@gantry/jobs';
import { sendRaw, waitFor } from '@gantry/testing';
import type { Difference } from '../src/domain/reconciliation.ts';
import { key } from './examples.ts';
import type { RunningPayments } from './running-payments.ts';

/** All of the time of a test. */
export const TODAY = { from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };

/** Larger files are sent in parts of this length. */
const PART_LENGTH = 600_000;

/** How a reconciliation ended. */
export interface Reconciled {
  readonly lines: number;
  readonly matched: number;
  readonly missing_in_ledger: number;
  readonly missing_at_provider: number;
  readonly different: number;
  readonly ignored: number;
  readonly ignored_categories: Record<string, number>;
  readonly rejected: number;
  readonly sums: { currency: string; ledger: string; provider: string }[];
  readonly differences: Difference[];
  readonly differences_uri?: string;
  readonly rejections: { line: number; reason: string }[];
  readonly rejections_uri?: string;
}

/** Sends a report and starts to reconcile it. */
export async function startReconciliation(
  the: RunningPayments,
  csv: string,
  { period = TODAY, token, partLength = PART_LENGTH }: ReconciliationOptions = {},
): Promise<OperationView> {
  let upload_id: string | undefined;
  for (let part = 1; ; part++) {
    const end = part * partLength;
    const { output, text } = await the.call(
      'start_reconciliation',
      {
        ...period,
        content: csv.slice(end - partLength, end),
        part,
        last: end >= csv.length,
        ...(upload_id && { upload_id }),
        idempotency_key: key(),
      },
      token === undefined ? {} : { token },
    );
    if (!output) throw new Error(text);
    if (output['operation']) return output['operation'] as OperationView;
    upload_id = output['upload'].upload_id as string;
  }
}

/** Who reconciles what, if not Ada all there is. */
export interface ReconciliationOptions {
  readonly period?: { from: string; to: string };
  readonly token?: string;
  readonly partLength?: number;
}

/** Waits until an operation has ended. */
export async function ended(
  the: RunningPayments,
  { operation_id }: OperationView,
  { token, timeoutMs = 60_000 }: { token?: string | undefined; timeoutMs?: number } = {},
): Promise<OperationView> {
  return waitFor(async () => {
    const args = { operation_id };
    const { output } = await the.call('check_operation_status', args, token === undefined ? {} : { token });
    const view = output as unknown as OperationView;
    return view.poll_after_seconds === undefined ? view : undefined;
  }, timeoutMs);
}

/** Reconciles a report, to the end. */
export async function reconcile(
  the: RunningPayments,
  csv: string,
  options: ReconciliationOptions = {},
): Promise<Reconciled> {
  const view = await ended(the, await startReconciliation(the, csv, options), options);
  if (view.status !== 'succeeded') throw new Error(JSON.stringify(view));
  return view.result as Reconciled;
}

/** Reads a resource; its text is JSON. */
export async function readResource<T>(
  the: RunningPayments,
  uri: string,
  token?: string,
): Promise<T | undefined> {
  const { json } = await sendRaw(the.url, token ?? (await the.token()), {
    method: 'resources/read',
    params: { uri },
  });
  const [content] = (json.result?.['contents'] ?? []) as { text: string }[];
  return content && (JSON.parse(content.text) as T);
}

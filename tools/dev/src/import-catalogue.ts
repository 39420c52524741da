import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackError } from './stack-settings.ts';
import type { CallTool } from './tool-request.ts';

/** What a catalogue file lists. */
export const CATALOGUE_KINDS = ['products', 'customers'] as const;

/** Bytes of the file in one call. A request may have 1 MiB, and a quotation mark takes two bytes of it. */
const PART_BYTES = 500_000;

const FORMATS: Readonly<Record<string, string>> = { '.csv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson' };

/** An import as orders shows it. */
export interface ImportOperation {
  readonly operation_id: string;
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly progress: { readonly message?: string };
  readonly poll_after_seconds?: number;
  readonly result?: ImportResult;
  readonly error?: { readonly error: string };
}

interface Rejected {
  readonly rejected: number;
  /** The first of them. */
  readonly rejections: readonly { readonly line: number; readonly reason: string }[];
  /** Where all of them are. */
  readonly rejections_uri?: string;
}

/** What came of an import. */
export interface ImportResult extends Rejected {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

/**
 * Sends a catalogue file to orders, follows the import and tells how it goes.
 *
 * @throws StackError if the file cannot be sent, if its import fails, and with the lines that were not taken
 */
export async function importCatalogue(
  { kind, file }: { kind: string | undefined; file: string | undefined },
  call: CallTool,
  write: (text: string) => void,
): Promise<void> {
  const format = FORMATS[extname(file ?? '')];
  if (file === undefined || format === undefined || !CATALOGUE_KINDS.some((known) => known === kind)) {
    throw new StackError(
      `Name a .csv, .ndjson or .jsonl file and what it lists, ${CATALOGUE_KINDS.join(' or ')}:\n` +
        'make import-catalogue FILE=products.csv KIND=products',
    );
  }
  write(`Sending ${file} … `);
  const started = await send(file, { kind, format }, call);
  write('sent.\n');
  const { created, updated, unchanged, rejected, ...some } = await importEnd(started, call, write);
  write(
    `Done: ${created} ${kind} created, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected.\n`,
  );
  if (rejected > 0) throw new StackError(rejectedLines({ rejected, ...some }));
}

function rejectedLines({ rejected, rejections, rejections_uri: uri }: Rejected): string {
  const lines = rejections.map(({ line, reason }) => `  line ${line}: ${reason}`);
  const more = rejected - rejections.length;
  if (more > 0) lines.push(`  and ${more} more: ${uri}`);
  return `These lines were rejected:\n${lines.join('\n')}`;
}

async function send(file: string, about: object, call: CallTool): Promise<ImportOperation> {
  const run = randomUUID();
  let uploadId: unknown;
  let part = 0;
  for await (const { content, last } of partsOf(file)) {
    part += 1;
    const { upload, operation } = await call('import_catalogue', {
      ...about,
      ...{ content, part, last },
      ...(uploadId !== undefined && { upload_id: uploadId }),
      // Of this run: the same file, imported again, may undo what has been changed since.
      idempotency_key: `${run}-part-${part}`,
    });
    if (last) return operation as ImportOperation;
    uploadId = (upload as { upload_id: string }).upload_id;
  }
  throw new StackError(`${file} is empty.`);
}

/** One part is held back, to know which is the last one. Cut between characters, never inside of one. */
async function* partsOf(file: string): AsyncGenerator<{ content: string; last: boolean }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let content = '';
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: PART_BYTES })) {
      if (content !== '') yield { content, last: false };
      content = decoder.decode(bytes as Buffer, { stream: true });
    }
    content += decoder.decode();
  } catch (error) {
    throw new StackError(`${file} cannot be read as UTF-8 text: ${(error as Error).message}`);
  }
  if (content !== '') yield { content, last: true };
}

/**
 * Follows an import to its end.
 *
 * @param write - gets how far it is
 * @throws StackError if it fails
 */
export async function importEnd(
  started: ImportOperation,
  call: CallTool,
  write: (text: string) => void,
): Promise<ImportResult> {
  const { operation_id } = started;
  let operation = started;
  let shown: string | undefined;
  for (;;) {
    const { status, progress, result, error, poll_after_seconds: pause = 1 } = operation;
    if (status === 'succeeded' && result) return result;
    if (status === 'failed') throw new StackError(`The import failed: ${error?.error}`);
    if (status === 'cancelled')
      throw new StackError('The import was cancelled; what was imported by then stays.');
    if (progress.message !== undefined && progress.message !== shown) write(`${progress.message}\n`);
    shown = progress.message;
    await sleep(pause * 1_000);
    operation = (await call('check_operation_status', { operation_id })) as unknown as ImportOperation;
  }
}

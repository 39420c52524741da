import { BEGINNING, filePlace, sentFile, SentFiles, type FileBatch } from '@gantry/files';
import {
  defineOperation,
  OperationHandler,
  type OperationRun,
  type Progress,
  type RunsOperation,
} from '@gantry/jobs';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { holdsCardNumber } from '../domain/card-number.ts';
import { columnsMissing, type Difference } from '../domain/reconciliation.ts';
import { cardNumberRefused } from '../domain/refusals.ts';
import { addCategories, addSums, sumsOf } from '../domain/settlement-tally.ts';
import { missingColumns, readSettlement, SETTLEMENT_COLUMNS } from '../domain/settlement.ts';
import { differencesUri, rejectionsUri } from '../resources/uris.ts';
import { ReconciliationStore } from '../store/reconciliation.store.ts';

/** Differences and rejections that are part of the result. */
const SHOWN = 20;

/** Movements that are compared in one transaction: well under a second. */
const STEP = 2_000;

/** What is told of a reconciliation in numbers. */
const tally = {
  /** Of the report, without its header and empty ones. */
  lines: z.int(),
  rejected: z.int(),
  ignored_categories: z.record(z.string(), z.int()),
  matched: z.int(),
  missing_in_ledger: z.int(),
  missing_at_provider: z.int(),
  different: z.int(),
};

const sums = z.record(z.string(), z.string());

/** Compares the ledger with a settlement report that has arrived. */
export const reconcileOperation = defineOperation({
  kind: 'reconciliation',
  input: z.object({ file: sentFile, from: z.string(), to: z.string() }),
  state: z.object({
    ...tally,
    /** The ledger is looked for in the report, then the report in the ledger. */
    phase: z.enum(['reading', 'ledger', 'report', 'compared']),
    place: filePlace,
    /** Where the comparison of this phase is. */
    after: z.tuple([z.string(), z.string()]).readonly().optional(),
    looked: z.int(),
    compared: z.int(),
    ledger: sums,
    provider: sums,
  }),
  result: z.object({
    ...tally,
    ignored: z.int(),
    sums: z.array(z.object({ currency: z.string(), ledger: z.string(), provider: z.string() })),
    differences: z.array(z.custom<Difference>()),
    differences_uri: z.string().optional(),
    rejections: z.array(z.object({ line: z.int(), reason: z.string() })),
    rejections_uri: z.string().optional(),
  }),
});

type Input = z.output<typeof reconcileOperation.input>;
type State = z.output<typeof reconcileOperation.state>;
type Result = z.input<typeof reconcileOperation.result>;

const NOTHING: State = {
  lines: 0,
  rejected: 0,
  ignored_categories: {},
  matched: 0,
  missing_in_ledger: 0,
  missing_at_provider: 0,
  different: 0,
  phase: 'reading',
  place: BEGINNING,
  looked: 0,
  compared: 0,
  ledger: {},
  provider: {},
};

/**
 * Adds up the report movement by movement, then compares both sides in steps. What a batch or a step has come to and the
 * place after it are committed together, so a line counts once, however often replicas are killed.
 */
@Injectable()
@OperationHandler(reconcileOperation)
export class Reconcile implements RunsOperation<typeof reconcileOperation> {
  constructor(
    private readonly database: Database,
    private readonly files: SentFiles,
    private readonly store: ReconciliationStore,
  ) {}

  async run(input: Input, operation: OperationRun<State>): Promise<Result> {
    let state = operation.state ?? NOTHING;
    const advance = (step: () => Promise<State>) =>
      operation.checkpoint(async () => {
        state = await step();
        return { state, progress: progressOf(input, state) };
      });
    if (state.phase === 'reading') {
      for await (const batch of this.files.batches(input.file, 'csv', state.place, operation.scope))
        await advance(() => this.#read(input, operation.id, batch, state));
      // A file of nothing but empty lines has no header.
      if (!state.place.columns) throw columnsMissing(SETTLEMENT_COLUMNS);
    }
    while (state.phase !== 'compared') await advance(() => this.#compare(input, operation.id, state));
    return this.#result(operation, state);
  }

  async #read({ file }: Input, id: string, { rows, place }: FileBatch, before: State): Promise<State> {
    if (place.columns) expectReadable(place.columns);
    const { movements, rejections, ignored } = readSettlement(place.columns ?? [], rows);
    if (movements.length > 0) await this.store.stage(id, movements);
    await this.files.addRejections(id, rejections);
    await this.files.dropBefore(file, place);
    return {
      ...before,
      place,
      lines: before.lines + rows.length,
      rejected: before.rejected + rejections.length,
      ignored_categories: addCategories(before.ignored_categories, ignored),
      provider: addSums(before.provider, sumsOf(movements)),
    };
  }

  async #compare(input: Input, operationId: string, before: State): Promise<State> {
    const known = before.missing_in_ledger + before.missing_at_provider + before.different;
    const step = { operationId, after: before.after, known, limit: STEP };
    if (before.phase === 'reading') return { ...before, phase: 'ledger' };
    if (before.phase === 'ledger') {
      const { looked, missing, sums, last } = await this.store.compareLedger(input, step);
      if (!last) return { ...before, phase: 'report', after: undefined };
      return {
        ...before,
        after: last,
        looked: before.looked + looked,
        missing_at_provider: before.missing_at_provider + missing,
        ledger: addSums(before.ledger, sums),
      };
    }
    const { matched, different, missing, lines, sums, last } = await this.store.compareReport(step);
    if (!last) return { ...before, phase: 'compared', after: undefined };
    return {
      ...before,
      after: last,
      compared: before.compared + lines,
      matched: before.matched + matched,
      different: before.different + different,
      missing_in_ledger: before.missing_in_ledger + missing,
      ledger: addSums(before.ledger, sums),
    };
  }

  async #result({ id, scope }: OperationRun<State>, state: State): Promise<Result> {
    const { ledger, provider, rejected } = state;
    const currencies = [...new Set([...Object.keys(ledger), ...Object.keys(provider)])].sort();
    const shown = await this.database.read(scope, async () => ({
      differences: await this.store.differences(id, 0, SHOWN),
      rejections: await this.files.rejections(id, 0, SHOWN),
    }));
    return {
      ...state,
      ignored: ignoredOf(state),
      sums: currencies.map((currency) => ({
        currency,
        ledger: ledger[currency] ?? '0',
        provider: provider[currency] ?? '0',
      })),
      ...shown,
      ...(shown.differences.length > 0 && { differences_uri: differencesUri(id, 0) }),
      ...(rejected > 0 && { rejections_uri: rejectionsUri(id, 0) }),
    };
  }
}

function expectReadable(columns: readonly string[]): void {
  const missing = missingColumns(columns);
  if (missing.length > 0) throw columnsMissing(missing);
  // They are kept with the place in the file. A number that the parts of the file have cut is whole only now.
  if (columns.some(holdsCardNumber)) throw cardNumberRefused('/content');
}

function ignoredOf({ ignored_categories: ignored }: State): number {
  return Object.values(ignored).reduce((sum, count) => sum + count, 0);
}

/** In lines: each has to be read, then compared. */
function progressOf({ file }: Input, state: State): Progress {
  const { phase, place, lines, rejected, looked, compared, matched, different } = state;
  const count = (number: number) => number.toLocaleString('en');
  const total = 2 * file.lines;
  if (phase === 'reading')
    return {
      done: place.line - 1,
      total,
      message: `${count(place.line - 1)} of ${count(file.lines)} lines read.`,
    };
  const toCompare = lines - rejected - ignoredOf(state);
  const done = total - (toCompare - compared);
  if (phase === 'ledger')
    return {
      done,
      total,
      message: `All lines read; ${count(looked)} movements of the ledger looked for in them.`,
    };
  const others = different + state.missing_in_ledger + state.missing_at_provider;
  return {
    done,
    total,
    message: `${count(compared)} of ${count(toCompare)} lines compared: ${count(matched)} movements matched, ${count(others)} did not.`,
  };
}

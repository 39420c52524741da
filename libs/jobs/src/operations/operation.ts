import { classMark } from '@gantry/pipeline';
import type { Scope } from '@gantry/postgres';
import type { z } from 'zod';

/** A kind of long-running work: pure data, shared by the tool that starts it and the handler that does it. */
export interface OperationContract<
  Input extends z.ZodType = z.ZodType,
  State extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
> {
  /** Stable, snake_case: `import_records`. */
  readonly kind: string;
  /** Small: what is large is stored first and named here. */
  readonly input: Input;
  /** What a run needs to go on from a checkpoint. Operations outlive versions: an old state must stay valid. */
  readonly state: State;
  /** At most 1 MiB as JSON. */
  readonly result: Result;
}

/** How far the work is. */
export interface Progress {
  readonly done: number;
  readonly total?: number;
  /** For a person or a model; at most 500 characters. */
  readonly message?: string;
}

/** What is kept at a checkpoint. */
export interface Checkpoint<State> {
  readonly state: State;
  readonly progress: Progress;
}

/** Who started an operation, and alone may see and cancel it. */
export interface Owner {
  readonly tenant: string;
  readonly subject: string;
  readonly client: string;
}

/** One run of an operation. There are several if replicas die. */
export interface OperationRun<State> {
  readonly id: string;
  readonly owner: Owner;
  /** As the last checkpoint left it; `undefined` in the first run. */
  readonly state: State | undefined;
  /** Aborted when the operation is cancelled, runs out of time or is taken over, and when this replica stops. */
  readonly signal: AbortSignal;
  /** Tenant and signal, for units of work of the handler's own: to read what comes next, for example. */
  readonly scope: Scope;
  /**
   * Runs `work` in a unit of work and keeps in the same transaction what it returns: a batch and the place after it
   * commit together, or neither does. Rejects if the operation is not this run's any more; let that pass.
   */
  checkpoint(work: () => Promise<Checkpoint<State>>): Promise<void>;
}

/** Does the work of one kind. */
export interface RunsOperation<Contract extends OperationContract> {
  /**
   * Goes on from `operation.state` and takes a checkpoint after each batch. A batch should take a second at most: what
   * is not at a checkpoint is done again after a crash.
   *
   * @returns the result. A retryable GantryError is tried again from the last checkpoint; everything else that is
   * thrown fails the operation.
   */
  run(
    input: z.output<Contract['input']>,
    operation: OperationRun<z.output<Contract['state']>>,
  ): Promise<z.input<Contract['result']>>;
}

/**
 * Gives a kind of operation its types.
 *
 * @example
 * ```ts
 * export const importRecords = defineOperation({
 *   kind: 'import_records',
 *   input: z.object({ upload_id: z.string() }),
 *   state: z.object({ line: z.number() }),
 *   result: z.object({ imported: z.number() }),
 * });
 * ```
 */
export function defineOperation<Input extends z.ZodType, State extends z.ZodType, Result extends z.ZodType>(
  contract: OperationContract<Input, State, Result>,
): OperationContract<Input, State, Result> {
  return contract;
}

const contracts = classMark<OperationContract>('operation');

/** Marks a provider as the one that runs operations of a kind. */
export function OperationHandler<Contract extends OperationContract>(contract: Contract) {
  return (target: abstract new (...args: never[]) => RunsOperation<Contract>): void =>
    contracts.on(target, contract);
}

/** The contract a class was marked with, if any. */
export function operationContractOf(type: unknown): OperationContract | undefined {
  return contracts.of(type);
}

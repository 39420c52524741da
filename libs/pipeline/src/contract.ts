import type { z } from 'zod';

/**
 * What a tool does to the world. From it follow the MCP annotations, whether an `idempotency_key` is part
 * of the input, whether the call runs in a write transaction, and how it is audited.
 */
export type Effect = 'read' | 'create' | 'update' | 'delete' | 'external';

/** Bounds of one tool; what is left out takes {@link DEFAULT_LIMITS}. */
export interface ToolLimits {
  /** Per principal, fleet-wide. */
  readonly callsPerMinute: number;
  /** At once, per replica. */
  readonly concurrent: number;
  readonly deadlineMs: number;
}

/** Limits of a tool that states none. */
export const DEFAULT_LIMITS: ToolLimits = { callsPerMinute: 120, concurrent: 50, deadlineMs: 5_000 };

/** The promise a tool makes: pure data, snapshot in `contract/`. */
export interface ToolContract<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  /** `verb_noun`, snake_case. */
  readonly name: string;
  /**
   * Of this promise; 1 unless told. Raise it with a change that callers of the tool have to follow: the comparison of
   * contracts refuses such a change otherwise. Callers read it in `tools/list`.
   */
  readonly version?: number;
  readonly title: string;
  /** For a model: what it does, when to use it and when not, what it returns, its errors and what to do then. */
  readonly description: string;
  /** Strict and bounded; without `idempotency_key`, which follows from `effect`. */
  readonly input: Input;
  readonly output: Output;
  /** All of them are needed. */
  readonly scopes: readonly string[];
  readonly effect: Effect;
  /** Business error codes this tool may answer with, beside the shared set. */
  readonly errors: readonly string[];
  readonly limits: ToolLimits;
  /**
   * A call may start a long-running operation. `output` then has a property `operation`, the view of it, and nothing
   * else that is required. Clients with the Tasks extension get a task in its place.
   */
  readonly startsOperation?: boolean;
}

/** A contract as it is written: `limits` and `errors` may be left out. */
export type ToolContractInput<Input extends z.ZodObject, Output extends z.ZodObject> = Omit<
  ToolContract<Input, Output>,
  'limits' | 'errors'
> & { readonly limits?: Partial<ToolLimits>; readonly errors?: readonly string[] };

/** Completes a contract with default limits. Pass the result to `@Tool`. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  contract: ToolContractInput<Input, Output>,
): ToolContract<Input, Output> {
  return { errors: [], ...contract, limits: { ...DEFAULT_LIMITS, ...contract.limits } };
}

/** The validated input that a handler of this contract receives. */
export type InputOf<Contract extends ToolContract> = z.output<Contract['input']>;

/** What a handler of this contract returns, before output validation. */
export type OutputOf<Contract extends ToolContract> = z.input<Contract['output']>;

/** Does a call of this tool change anything? */
export function isWrite(tool: Pick<ToolContract, 'effect'>): boolean {
  return tool.effect !== 'read';
}

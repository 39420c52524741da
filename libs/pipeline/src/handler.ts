import type { ToolCall } from './call.ts';
import { classMark } from './class-mark.ts';
import type { InputOf, OutputOf, ToolContract } from './contract.ts';

/** A tool: one class, one method. Everything that is not the tool's own business is in the pipeline. */
export interface ToolHandler<Contract extends ToolContract> {
  /**
   * @param input - validated, without the idempotency key
   * @param call - who calls, until when, with which signal
   */
  call(input: InputOf<Contract>, call: ToolCall): Promise<OutputOf<Contract>>;
}

const contracts = classMark<ToolContract>('tool-contract');

/**
 * Marks a provider as the tool with this contract.
 *
 * @example
 * ```ts
 * const getOrder = defineTool({ name: 'get_order', effect: 'read', … });
 *
 * \@Tool(getOrder)
 * export class GetOrderTool implements ToolHandler<typeof getOrder> { … }
 * ```
 */
export function Tool<Contract extends ToolContract>(contract: Contract) {
  return (target: abstract new (...args: never[]) => ToolHandler<Contract>): void =>
    contracts.on(target, contract);
}

/** The contract a class was marked with, if any. */
export function toolContractOf(type: unknown): ToolContract | undefined {
  return contracts.of(type);
}

import { classMark, type ToolLimits } from '@gantry/pipeline';
import type { z } from 'zod';
import type { CompletionRequest } from './resource-template.ts';
import type { ResourceRequest } from './resource.ts';

/** What a prompt promises. */
export interface PromptContract<Arguments extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Strict; every argument is a bounded, described string, for the protocol carries nothing else. */
  readonly arguments: Arguments;
  /** All of them are needed; without them the prompt is neither listed nor found. */
  readonly scopes: readonly string[];
  /** Bounds of a rendering; what is left out takes the defaults of tools. */
  readonly limits?: Partial<ToolLimits>;
}

/** One message of a rendered prompt. Field names are wire format. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content:
    | { readonly type: 'text'; readonly text: string }
    | {
        readonly type: 'resource';
        readonly resource: { readonly uri: string; readonly mimeType?: string; readonly text: string };
      };
}

/** A prompt: one class. Every method runs in a unit of work that reads. */
export interface PromptHandler<Contract extends PromptContract = PromptContract> {
  /** @param args - validated */
  render(args: z.output<Contract['arguments']>, request: ResourceRequest): Promise<readonly PromptMessage[]>;
  /** Values of an argument that begin with `prefix`, best first; no more than the first 100 are shown. */
  complete?(argument: string, prefix: string, request: CompletionRequest): Promise<readonly string[]>;
}

const contracts = classMark<PromptContract>('prompt-contract');

/**
 * Marks a provider as the prompt with this contract.
 *
 * @example
 * ```ts
 * const reviewOrder = { name: 'review_order', …, arguments: z.strictObject({ order_id: OrderId }), scopes: ['orders:read'] };
 *
 * \@Prompt(reviewOrder)
 * export class ReviewOrderPrompt implements PromptHandler<typeof reviewOrder> { … }
 * ```
 */
export function Prompt<Contract extends PromptContract>(contract: Contract) {
  return (target: abstract new (...args: never[]) => PromptHandler<Contract>): void =>
    contracts.on(target, contract);
}

/** The contract a class was marked with, if any. */
export function promptContractOf(type: unknown): PromptContract | undefined {
  return contracts.of(type);
}

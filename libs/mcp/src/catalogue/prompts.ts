import type { Principal } from '@gantry/pipeline';
import { z } from 'zod';
import {
  composeCompletion,
  type Completing,
  type Completion,
  type CompletionQuestion,
} from './completion.ts';
import { mayUse } from './may-use.ts';
import type { PromptContract, PromptHandler } from './prompt.ts';
import { composeReading, type ReadOutcome, type Reading, type Stages } from './reading.ts';
import type { CallRequest } from './running-call.ts';

/** What `prompts/list` says of one prompt. Field names are wire format. */
export interface PromptListing {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
}

const messageContent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.literal('resource'),
    resource: z.strictObject({ uri: z.string(), mimeType: z.string().exactOptional(), text: z.string() }),
  }),
]);
const rendered = z.strictObject({
  messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: messageContent })).min(1),
});

/** A prompt as it was rendered. */
export type RenderedPrompt = z.output<typeof rendered>;

interface CataloguePrompt {
  readonly contract: PromptContract;
  readonly listing: PromptListing;
  readonly render: Reading<RenderedPrompt>;
  readonly complete: Completing | undefined;
}

/** The prompts of the service, each with its pipeline. */
export class Prompts {
  readonly #prompts = new Map<string, CataloguePrompt>();

  constructor(private readonly stages: Stages) {}

  /** Throws if there is one of this name already, or if its arguments are not what the protocol can carry. */
  add(contract: PromptContract, handler: PromptHandler): void {
    const { name, scopes, limits } = contract;
    if (this.#prompts.has(name)) throw new Error(`Two prompts are named ${name}.`);
    this.#prompts.set(name, {
      contract,
      listing: promptListing(contract),
      render: composeReading(
        { name: `get_prompt:${name}`, input: contract.arguments.strict(), output: rendered, scopes, limits },
        this.stages,
        async (args, request) => ({ messages: [...(await handler.render(args, request))] }),
      ),
      complete: composeCompletion(
        { name: `complete_prompt:${name}`, scopes, names: Object.keys(contract.arguments.shape) },
        this.stages,
        handler,
      ),
    });
  }

  /** Contracts of all prompts, in name order. */
  get contracts(): readonly PromptContract[] {
    return this.#sorted().map((prompt) => prompt.contract);
  }

  /** What is listed of all prompts, in name order: for snapshots of what the service promises. */
  get listings(): readonly PromptListing[] {
    return this.#sorted().map((prompt) => prompt.listing);
  }

  /** Does any prompt complete its arguments? */
  get hasCompletion(): boolean {
    return this.#sorted().some((prompt) => prompt.complete);
  }

  /** The prompts a principal may get, in name order. */
  for(principal: Principal): readonly PromptListing[] {
    return this.#sorted()
      .filter(({ contract }) => mayUse(principal, contract))
      .map((prompt) => prompt.listing);
  }

  /** Renders a prompt; `undefined` if there is none of this name. A refusal for want of scopes is an outcome. */
  render(
    name: string,
    args: unknown,
    request: CallRequest,
  ): Promise<ReadOutcome<RenderedPrompt>> | undefined {
    return this.#prompts.get(name)?.render(args, request);
  }

  /** Completes an argument; `undefined` if there is no such prompt, or none that the principal may get. */
  async complete(
    name: string,
    asked: CompletionQuestion,
    request: CallRequest,
  ): Promise<ReadOutcome<Completion> | undefined> {
    const prompt = this.#prompts.get(name);
    if (!prompt || !mayUse(request.principal, prompt.contract)) return undefined;
    return prompt.complete?.(asked, request) ?? { ok: true, output: { values: [], hasMore: false } };
  }

  #sorted(): CataloguePrompt[] {
    return [...this.#prompts.values()].sort((a, b) => (a.contract.name < b.contract.name ? -1 : 1));
  }
}

function promptListing({ name, title, description, arguments: args }: PromptContract): PromptListing {
  const { properties = {}, required = [] } = z.toJSONSchema(args, { io: 'input', unrepresentable: 'any' });
  return {
    name,
    title,
    description,
    arguments: Object.entries(properties).map(([argument, schema]) => {
      if (typeof schema === 'boolean' || (schema.type !== 'string' && !isTextChoice(schema.enum)))
        throw new Error(`Argument ${argument} of the prompt ${name} is not a string; others cannot be sent.`);
      return { name: argument, description: schema.description ?? '', required: required.includes(argument) };
    }),
  };
}

function isTextChoice(values: readonly unknown[] | undefined): boolean {
  return values?.every((value) => typeof value === 'string') ?? false;
}

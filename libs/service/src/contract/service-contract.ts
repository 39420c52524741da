import type { PromptContract, ResourceContract, ResourceTemplateContract, ToolListing } from '@gantry/mcp';
import type { Effect, ToolLimits } from '@gantry/pipeline';

/** A JSON Schema, without `$schema`: it is always 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What others depend on of a service, as pure data: models and their clients, subscribers of its events, those who
 * deploy it and those who watch it. Its snapshot is in `contract/` of the app. Every list is in the order of names.
 */
export interface ServiceContract {
  readonly tools: readonly ToolPromise[];
  readonly resources: readonly WithLimits<ResourceContract>[];
  readonly templates: readonly WithLimits<ResourceTemplateContract>[];
  readonly prompts: readonly PromptPromise[];
  readonly events: readonly EventPromise[];
  readonly settings: readonly SettingPromise[];
  readonly metrics: readonly MetricPromise[];
}

/** What `tools/list` says of a tool, and what it does not. */
export interface ToolPromise extends ToolListing {
  readonly version: number;
  readonly scopes: readonly string[];
  readonly effect: Effect;
  readonly errors: readonly string[];
  readonly limits: ToolLimits;
  /** May a call start a long-running operation? */
  readonly startsOperation: boolean;
}

/** What may leave out limits, with those that it has then. */
export type WithLimits<Contract> = Contract & { readonly limits: ToolLimits };

/** A prompt, with its arguments as JSON Schema. */
export interface PromptPromise extends WithLimits<Omit<PromptContract, 'arguments'>> {
  readonly arguments: JsonSchema;
}

/** An event that the service publishes, with its payload as JSON Schema. */
export interface EventPromise {
  readonly name: string;
  readonly version: number;
  readonly payload: JsonSchema;
}

/** An environment variable that the service reads. */
export interface SettingPromise {
  readonly name: string;
  /** Whose it is: a library's, or the service's own. */
  readonly group: string;
  readonly description: string;
  /** Never shown; may come from a file that `<name>_FILE` names. */
  readonly secret: boolean;
  /** Without it the service does not start. */
  readonly required: boolean;
  /** As it would be written into the variable. */
  readonly default?: string;
  /** Of the text in the variable, read as a number where it is one. */
  readonly schema: JsonSchema;
}

/** A metric that the service exports, beside what every Node process does. */
export interface MetricPromise {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

import type { Schema } from './schema.ts';

/**
 * What a service promises, as its `contract/` folder has it. Each part is a file; a part that is not there was not kept
 * at that time, which says nothing about what was promised.
 */
export interface Snapshot {
  readonly tools?: readonly ToolSnapshot[];
  readonly resources?: readonly ResourceSnapshot[];
  readonly templates?: readonly TemplateSnapshot[];
  readonly prompts?: readonly PromptSnapshot[];
  readonly events?: readonly EventSnapshot[];
  readonly settings?: readonly SettingSnapshot[];
  readonly metrics?: readonly MetricSnapshot[];
}

/** A part of a snapshot. */
export type Part = keyof Snapshot;

/** Bounds of calls. */
export interface LimitsSnapshot {
  readonly callsPerMinute: number;
  readonly concurrent: number;
  readonly deadlineMs: number;
}

/** A tool. */
export interface ToolSnapshot {
  readonly name: string;
  /** 1 if it does not say. */
  readonly version?: number;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Schema;
  readonly outputSchema: Schema;
  readonly annotations: object;
  readonly _meta?: object;
  readonly scopes: readonly string[];
  readonly effect: string;
  readonly errors: readonly string[];
  readonly limits: LimitsSnapshot;
  readonly startsOperation?: boolean;
}

interface AnyResourceSnapshot {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  readonly scopes: readonly string[];
  readonly ttlMs: number;
  readonly limits: LimitsSnapshot;
}

/** A fixed resource. */
export interface ResourceSnapshot extends AnyResourceSnapshot {
  readonly uri: string;
}

/** A family of resources. */
export interface TemplateSnapshot extends AnyResourceSnapshot {
  readonly uriTemplate: string;
}

/** A prompt. */
export interface PromptSnapshot {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: Schema;
  readonly scopes: readonly string[];
  readonly limits: LimitsSnapshot;
}

/** An event that the service publishes. */
export interface EventSnapshot {
  readonly name: string;
  readonly version: number;
  readonly payload: Schema;
}

/** An environment variable. */
export interface SettingSnapshot {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly default?: string;
  readonly schema: Schema;
}

/** A metric. */
export interface MetricSnapshot {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** The files of `contract/`, and the parts in each. */
export const FILES: Readonly<Record<string, readonly Part[]>> = {
  'tools.json': ['tools'],
  'resources.json': ['resources', 'templates'],
  'prompts.json': ['prompts'],
  'events.json': ['events'],
  'settings.json': ['settings'],
  'metrics.json': ['metrics'],
};

/**
 * Puts a snapshot together.
 *
 * @param read - the text of a file of `contract/`, `undefined` if there is none
 */
export function snapshotFrom(read: (file: string) => string | undefined): Snapshot {
  const parts = Object.entries(FILES).flatMap(([file, names]) => {
    const text = read(file);
    const content = text === undefined ? {} : (JSON.parse(text) as Snapshot);
    return names.filter((name) => content[name]).map((name) => [name, content[name]] as const);
  });
  return Object.fromEntries(parts);
}

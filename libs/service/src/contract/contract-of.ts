import { collectSettings, configSettings, type Environment } from '@gantry/config';
import { contractFindings, MAX_TOOLS, toolListing, type PromptContract } from '@gantry/mcp';
import { DEFAULT_LIMITS, type ToolContract, type ToolLimits } from '@gantry/pipeline';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { offerOf, type Offer } from '../plugins/offer.ts';
import { ServiceModule } from '../service.module.ts';
import { metricPromises } from './metric-promises.ts';
import type {
  EventPromise,
  JsonSchema,
  PromptPromise,
  ServiceContract,
  ToolPromise,
} from './service-contract.ts';
import { settingPromise } from './setting-promise.ts';

/** What of a contract cannot be read from the application's module. */
export interface ContractSources {
  /** The events that it publishes, each defined with `defineEvent` of `@gantry/jobs`. */
  readonly events?: readonly {
    readonly name: string;
    readonly version: number;
    readonly payload: z.ZodType;
  }[];
  /**
   * Settings to build it with, to see which metrics it has: valid values for those that are required, and for those
   * that add metrics, such as the URL of Redis. Nothing is started, so nothing is connected to.
   */
  readonly env: Environment;
}

/**
 * What a service promises, read from its code.
 *
 * @param application - the app's module
 * @example
 * ```ts
 * const contract = await contractOf(OrdersModule, {
 *   events: ORDER_EVENTS,
 *   env: { MCP_DATABASE_URL: 'postgres://localhost/orders', MCP_REDIS_URL: 'redis://localhost' },
 * });
 * ```
 */
export async function contractOf(
  application: Type,
  { events = [], env }: ContractSources,
): Promise<ServiceContract> {
  const { tools, resources, resourceTemplates, prompts } = offer(application);
  const settings = [configSettings, ...collectSettings({ module: ServiceModule, imports: [application] })];
  return {
    tools: sorted(tools.map(toolPromise), ({ name }) => name),
    resources: sorted(resources.map(withLimits), ({ uri }) => uri),
    templates: sorted(resourceTemplates.map(withLimits), ({ uriTemplate }) => uriTemplate),
    prompts: sorted(prompts.map(promptPromise), ({ name }) => name),
    events: sorted(events.map(eventPromise), ({ name, version }) => `${name}.v${version}`),
    settings: sorted(
      settings.flatMap((group) =>
        Object.values(group.settings).map((one) => settingPromise(one, group.name)),
      ),
      ({ name }) => name,
    ),
    metrics: sorted(await metricPromises(application, env), ({ name }) => name),
  };
}

/**
 * The mechanical part of a good contract, for a whole service.
 *
 * @returns one sentence per violation; empty if the contract keeps the rules
 */
export function serviceFindings(application: Type): string[] {
  const { tools } = offer(application);
  const findings = tools.flatMap((tool) =>
    contractFindings(tool).map((finding) => `${tool.name}: ${finding}`),
  );
  if (tools.length > MAX_TOOLS)
    findings.push(`there are ${tools.length} tools, and ${MAX_TOOLS} are as many as a service may have`);
  return findings;
}

/** With what every service has. */
function offer(application: Type): Offer {
  return offerOf({ module: ServiceModule, imports: [application] }, new Set());
}

function toolPromise(tool: ToolContract): ToolPromise {
  const { version = 1, scopes, effect, errors, limits, startsOperation = false } = tool;
  return { ...toolListing(tool), version, scopes, effect, errors, limits, startsOperation };
}

function promptPromise(prompt: PromptContract): PromptPromise {
  return { ...withLimits(prompt), arguments: jsonSchema(prompt.arguments, 'input') };
}

/** With those that it has because it states none. */
function withLimits<Contract extends { limits?: Partial<ToolLimits> }>(
  contract: Contract,
): Contract & { limits: ToolLimits } {
  return { ...contract, limits: { ...DEFAULT_LIMITS, ...contract.limits } };
}

function eventPromise({
  name,
  version,
  payload,
}: NonNullable<ContractSources['events']>[number]): EventPromise {
  return { name, version, payload: jsonSchema(payload, 'output') };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function sorted<One>(list: readonly One[], by: (one: One) => string): One[] {
  return [...list].sort((a, b) => (by(a) < by(b) ? -1 : 1));
}

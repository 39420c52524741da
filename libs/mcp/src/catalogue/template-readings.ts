import type { Cache } from '@gantry/cache';
import { sharedError } from '@gantry/errors';
import { z } from 'zod';
import { composeReading, type Reading, type Stages } from './reading.ts';
import type { ResourceTemplateContract, ResourceTemplateHandler } from './resource-template.ts';
import type { ResourceRequest } from './resource.ts';
import type { UriTemplate } from './uri-template.ts';

/** What a template may add to `resources/list`: people and models read it, and find more by other means. */
const MAX_LISTED = 100;

/** What every resource reads. */
export const readText = z.strictObject({ text: z.string() });

const listed = z.strictObject({
  resources: z.array(
    z.strictObject({
      uri: z.string(),
      name: z.string(),
      title: z.string().optional(),
      description: z.string().optional(),
    }),
  ),
});

/** What a template lists. */
export type ListedResources = z.output<typeof listed>;

/** Composes the reading of one resource of a template, through the cache unless the contract says otherwise. */
export function composeTemplateRead(
  { name, scopes, limits, ttlMs, cache: policy }: ResourceTemplateContract,
  template: UriTemplate,
  handler: ResourceTemplateHandler,
  stages: Stages,
  serviceCache: Cache | undefined,
): Reading<{ text: string }> {
  const cache = policy === 'none' || ttlMs === 0 ? undefined : serviceCache;
  const input = z.strictObject(
    Object.fromEntries(template.variables.map((variable) => [variable, z.string().max(1_000)])),
  );
  const load = async (variables: Record<string, string>, request: ResourceRequest): Promise<string> => {
    const text = await handler.read(variables, request);
    if (text === undefined) throw sharedError('not_found', 'There is no such resource.');
    return text;
  };
  return composeReading(
    { name: `read_resource:${name}`, input, output: readText, scopes, limits },
    stages,
    async (variables, request) => {
      if (!cache) return { text: await load(variables, request) };
      const uri = template.expand(variables);
      const entry = { tenant: request.principal.tenant, key: uri, tags: [uri], ttlMs };
      return { text: await cache.read(entry, () => load(variables, request)) };
    },
  );
}

/** Composes what a template adds to `resources/list`; `undefined` if it adds nothing. */
export function composeTemplateList(
  { name, scopes, limits }: ResourceTemplateContract,
  template: UriTemplate,
  handler: ResourceTemplateHandler,
  stages: Stages,
): Reading<ListedResources> | undefined {
  if (!handler.list) return undefined;
  return composeReading(
    { name: `list_resources:${name}`, input: z.strictObject({}), output: listed, scopes, limits },
    stages,
    async (_input, request) => {
      const resources = (await handler.list!(request)).slice(0, MAX_LISTED);
      const foreign = resources.find(({ uri }) => !template.match(uri));
      if (foreign) throw new Error(`${foreign.uri} was listed by ${template.text}, which does not match it.`);
      return { resources };
    },
  );
}

import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { readFileSync } from 'node:fs';
import { ROOT } from './build.ts';
import type { ServiceName } from './fleet/fleet.ts';
import type { Vocabulary } from './fuzz/valid.ts';
import { responseOf } from './judge/rpc.ts';
import type { ToolPromise, ToolPromises } from './judge/results.ts';
import type { HttpClient } from './wire/http-client.ts';
import { request } from './wire/input.ts';

/** What an attacker knows of a service, and has there. */
export interface Subject {
  readonly name: ServiceName;
  /** The attacker's. */
  readonly token: string;
  readonly tools: ToolPromises;
  /** URIs of fixed resources. */
  readonly resources: readonly string[];
  /** URI templates. */
  readonly templates: readonly string[];
  readonly prompts: readonly {
    readonly name: string;
    readonly arguments: readonly { readonly name: string }[];
  }[];
  readonly vocabulary: Vocabulary;
}

interface ToolListing {
  readonly name: string;
  readonly inputSchema: Record<string, unknown>;
  readonly outputSchema: Record<string, unknown>;
}

/** Asks a service what it has. */
export async function getToKnow(
  name: ServiceName,
  client: HttpClient,
  token: string,
  vocabulary: Vocabulary,
): Promise<Subject> {
  const list = async <T>(method: string, property: string): Promise<T[]> => {
    const options = { family: 'discovery', what: method, token };
    return ((responseOf(await client.send(request(method, {}, options)))?.result ?? {})[property] ??
      []) as T[];
  };
  const templates = await list<{ uriTemplate: string }>('resources/templates/list', 'resourceTemplates');
  return {
    name,
    token,
    tools: promisesOf(await list<ToolListing>('tools/list', 'tools'), declaredErrors(name)),
    resources: (await list<{ uri: string }>('resources/list', 'resources')).map(({ uri }) => uri),
    templates: templates.map(({ uriTemplate }) => uriTemplate),
    prompts: await list('prompts/list', 'prompts'),
    vocabulary,
  };
}

/** Tools with validators, as clients make them. */
export function promisesOf(
  tools: readonly ToolListing[],
  errors: ReadonlyMap<string, string[]>,
): ToolPromises {
  const ajv = new AjvJsonSchemaValidator();
  return new Map(
    tools.map(({ name, inputSchema, outputSchema }): [string, ToolPromise] => {
      const validate = ajv.getValidator(outputSchema);
      const misfit = (output: unknown) => validate(output).errorMessage;
      return [name, { name, inputSchema, errors: errors.get(name) ?? [], misfit }];
    }),
  );
}

/** What the wire does not say: the codes that each tool may answer with, by tool. */
export function declaredErrors(service: ServiceName): ReadonlyMap<string, string[]> {
  const { tools } = JSON.parse(readFileSync(`${ROOT}/apps/${service}/contract/tools.json`, 'utf8')) as {
    tools: { name: string; errors: string[] }[];
  };
  return new Map(tools.map(({ name, errors }) => [name, errors]));
}

import { fileURLToPath } from 'node:url';
import { StackError } from './stack-settings.ts';
import type { CallTool, ToolRequest } from './tool-request.ts';

/** A service of the development stack. */
export interface ServiceEntry {
  /** Also the name of its database, its roles and its log. */
  readonly name: string;
  /** Distance of its port from the base. Also its place in the table. */
  readonly portOffset: number;
  /** What is compiled before it is started, together with all that it references. */
  readonly tsconfig?: string;
  /** Serves; with the argument `migrate` brings the database up to date. */
  readonly program: string;
  readonly scopes: readonly string[];
  /** Settings that other services do not have. */
  readonly settings?: Readonly<Record<`MCP_${string}`, string>>;
  /** Secrets that other services do not have. */
  readonly secrets?: readonly ServiceSecret[];
  /** Services before it in the table that it calls in its own name. To be ready it does not need them. */
  readonly calls?: readonly Callee[];
  /** In place of what the service calls outside of the stack. */
  readonly simulator?: SimulatorEntry;
  /** Makes demo data, as often as it is called only once. Resolves with what is there, in a few words. */
  readonly seed: (call: CallTool) => Promise<string>;
  /** What the stack proposes to try. */
  readonly firstCall: ToolRequest;
}

/** A service that another one calls. */
export interface Callee {
  readonly service: Pick<ServiceEntry, 'name' | 'portOffset'>;
  /** What the caller may do there. */
  readonly scopes: readonly string[];
}

/** A secret that a service reads from a file. */
export interface ServiceSecret {
  /** The file is called `<service>-<name>`. */
  readonly name: string;
  /** The service finds the file through this variable with `_FILE` behind it. */
  readonly variable: `MCP_${string}`;
  /** Makes one at the first run; 32 random bytes if left out. */
  readonly make?: () => string;
  /** Comes from outside of the stack, and may be another one at each run. */
  readonly given?: string;
}

/**
 * A server that plays somebody outside of the stack. It is started before its service with `--port`, `--state`,
 * `--webhook-url` and `--webhook-secret-file`.
 */
export interface SimulatorEntry {
  /** Also the name of its log and of its journal. */
  readonly name: string;
  /** Distance of its port from the base. */
  readonly portOffset: number;
  readonly program: string;
  /** Where it says that it is ready. */
  readonly healthPath: string;
  /** Where it shows what has really happened. */
  readonly booksPath: string;
  /** The setting by which the service finds it. */
  readonly urlVariable: `MCP_${string}`;
  /** Where in the service its webhooks go, and the name of the secret that they are signed with. */
  readonly webhook: { readonly path: string; readonly secret: string };
}

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The service of this name. */
export function serviceNamed(services: readonly ServiceEntry[], name: string | undefined): ServiceEntry {
  const entry = services.find((service) => service.name === name);
  if (entry) return entry;
  const known = services.map((service) => service.name).join(', ');
  throw new StackError(`There is no service '${name}'; there are: ${known}.`);
}

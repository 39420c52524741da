import type { DependencyOptions } from '@gantry/resilience';
import { remoteServerSettings } from './remote-server.settings.ts';

/** A server that this service calls. Made by {@link defineRemoteServer}. */
export interface RemoteServerDefinition {
  /** A label of metrics, and seen by callers in error messages. */
  readonly name: string;
  /** What this service's tokens for it may do: no more than what is called. */
  readonly scopes: readonly string[];
  readonly settings: ReturnType<typeof remoteServerSettings>;
  readonly resilience: Omit<DependencyOptions, 'attemptMs' | 'deadlineMs' | 'isRetryable'>;
}

/**
 * Names a server that this service calls.
 *
 * @param name - lower case with dashes; its settings begin with `MCP_REMOTE_<NAME>_`
 * @param options - `resilience`: how it is called, where the defaults of `@gantry/resilience` do not fit
 *
 * @example
 * ```ts
 * export const payments = defineRemoteServer('payments', { scopes: ['payments:read', 'payments:write'] });
 * ```
 */
export function defineRemoteServer(
  name: string,
  options: Pick<RemoteServerDefinition, 'scopes'> & Partial<Pick<RemoteServerDefinition, 'resilience'>>,
): RemoteServerDefinition {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new TypeError(`"${name}" is not a name for a remote server: lower case with dashes.`);
  return { name, resilience: {}, ...options, settings: remoteServerSettings(name) };
}

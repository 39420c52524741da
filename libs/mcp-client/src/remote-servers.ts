import type { ServiceTokens } from '@gantry/auth';
import { ConfigError, type Config } from '@gantry/config';
import type { ServiceInfo, Tracing } from '@gantry/observability';
import type { Resilience } from '@gantry/resilience';
import { preloadSchemas } from '@modelcontextprotocol/client';
import type { OnApplicationShutdown } from '@nestjs/common';
import { AuthorizedPosts } from './authorized-posts.ts';
import { Connections } from './connections.ts';
import type { RemoteServerDefinition } from './remote-server-definition.ts';
import { RemoteServer } from './remote-server.ts';

/** What {@link RemoteServers} stand on; a service has all of it. */
export interface RemoteServersParts {
  readonly config: Config;
  readonly tokens: Pick<ServiceTokens, 'token' | 'invalidate'>;
  readonly resilience: Resilience;
  readonly tracing: Pick<Tracing, 'tracer'>;
  readonly service: ServiceInfo;
}

/** The servers that this service calls. Made by `McpClientModule`. */
export class RemoteServers implements OnApplicationShutdown {
  readonly #connections = new Connections();
  readonly #servers: ReadonlyMap<RemoteServerDefinition, RemoteServer>;

  /** @throws ConfigError if tokens would leave this machine without encryption */
  constructor(definitions: readonly RemoteServerDefinition[], parts: RemoteServersParts) {
    // It takes a while, in which nothing else is done: at the start, not in the first call, which has a deadline.
    preloadSchemas();
    this.#servers = new Map(definitions.map((definition) => [definition, this.#make(definition, parts)]));
  }

  /** The server of a definition. */
  get(definition: RemoteServerDefinition): RemoteServer {
    const server = this.#servers.get(definition);
    if (server) return server;
    throw new Error(`There is no remote server "${definition.name}": name it in McpClientModule.forRoot().`);
  }

  /** The last of Nest's hooks: no call is under way that anybody waits for. */
  onApplicationShutdown(): void {
    this.#connections.close();
  }

  #make(definition: RemoteServerDefinition, parts: RemoteServersParts): RemoteServer {
    const { name, scopes, settings, resilience } = definition;
    const { config, tokens, tracing, service } = parts;
    const { audience, attemptMs, deadlineMs, concurrent, maxAnswerBytes, ...where } = config.get(settings);
    const url = new URL(where.url);
    if (!where.allowInsecure && !isSecure(url)) throw insecure(definition);
    const dependency = parts.resilience.dependency(name, {
      bulkhead: { concurrent, queued: 4 * concurrent },
      ...resilience,
      attemptMs,
      deadlineMs,
    });
    const posts = new AuthorizedPosts(this.#connections, tokens, {
      url,
      audience: audience ?? where.url,
      scopes,
    });
    const client = { name: service.name, version: service.version };
    return new RemoteServer({ url, maxAnswerBytes, client, dependency, posts, tracing });
  }
}

/** Is traffic to this URL safe from others: encrypted, or never leaving the machine? */
function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(127(\.\d+){3}|\[::1\]|([^.]+\.)*localhost)$/.test(hostname);
}

function insecure({ settings }: RemoteServerDefinition): ConfigError {
  const { url, allowInsecure } = settings.settings;
  const remedy = `must use https; for plain http in a closed network set ${allowInsecure.name}=true`;
  return new ConfigError([
    { variable: url.name, problem: `${url.name} ${remedy}.`, description: url.description },
  ]);
}

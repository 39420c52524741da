import { Log } from '@gantry/observability';
import type { Principal } from '@gantry/pipeline';
import type { Server, ServerEvent } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { Injectable } from '@nestjs/common';
import type { Readable, Writable } from 'node:stream';
import { Catalogue } from '../catalogue/catalogue.ts';
import { ChangeFeed } from '../changes/change-feed.ts';
import { InFlight } from '../in-flight.ts';
import { ChangeEvents, type Interests } from '../sdk/change-events.ts';
import { ServerFactory } from '../sdk/server-factory.ts';
import type { Era } from '../sdk/tool-result.ts';

/** The two ends of a stdio connection; the process's own unless told. */
export interface StdioStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** Serves one client over stdin and stdout. */
@Injectable()
export class StdioServer {
  readonly #log: Log;

  constructor(
    private readonly servers: ServerFactory,
    private readonly inFlight: InFlight,
    private readonly catalogue: Catalogue,
    private readonly feed: ChangeFeed,
    log: Log,
  ) {
    this.#log = log.child({ component: 'stdio' });
  }

  /** Serves `principal` until the client closes its end or the service stops. Resolves when the connection is over. */
  async serve(
    principal: Principal,
    // The one place that may write to stdout: the transport that it belongs to.
    // eslint-disable-next-line no-restricted-properties
    { input, output }: StdioStreams = { input: process.stdin, output: process.stdout },
  ): Promise<void> {
    const connection = this.inFlight.begin();
    const exchange = { transport: 'stdio' as const, principal, signal: connection.signal };
    const over = new Promise<void>((resolve) => {
      input.once('end', resolve);
      input.once('close', resolve);
      connection.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    let listening: Server | undefined;
    const create = ({ era }: { era: Era }) => {
      const server = this.servers.create(exchange, era);
      listening = era === 'modern' ? server : undefined;
      return server;
    };
    const events = new ChangeEvents(output, this.#interestsOf(principal));
    events.subscribe((event) => this.#notify(listening, event));
    const stopListening = this.feed.listen(principal.tenant, events);
    const handle = serveStdio(create, {
      transport: new StdioServerTransport(input, output),
      onerror: (error) => this.#log.debug({ err: error }, 'the protocol layer refused a message'),
    });
    await over;
    stopListening();
    await handle.close();
    connection.abort();
    this.inFlight.end(connection);
  }

  /** The SDK knows what the client listens to, and passes on no more than that. */
  #interestsOf(principal: Principal): Interests {
    const { resources } = this.catalogue;
    return {
      names: [],
      list: resources.listVariesFor(principal),
      namesOf: (uri) => (resources.isReadable(uri, principal) ? [uri] : []),
    };
  }

  #notify(server: Server | undefined, event: ServerEvent): void {
    const sent =
      event.kind === 'resource_updated'
        ? server?.sendResourceUpdated({ uri: event.uri })
        : server?.sendResourceListChanged();
    sent?.catch((error: unknown) => this.#log.debug({ err: error }, 'a change was not delivered'));
  }
}

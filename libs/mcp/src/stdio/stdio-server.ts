import { Log } from '@gantry/observability';
import type { Principal } from '@gantry/pipeline';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { Injectable } from '@nestjs/common';
import type { Readable, Writable } from 'node:stream';
import { InFlight } from '../in-flight.ts';
import { ServerFactory } from '../sdk/server-factory.ts';

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
    const handle = serveStdio(({ era }) => this.servers.create(exchange, era), {
      transport: new StdioServerTransport(input, output),
      onerror: (error) => this.#log.debug({ err: error }, 'the protocol layer refused a message'),
    });
    await over;
    await handle.close();
    connection.abort();
    this.inFlight.end(connection);
  }
}

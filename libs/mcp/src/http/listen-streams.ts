import { Config } from '@gantry/config';
import { sharedError } from '@gantry/errors';
import { Log, Metrics } from '@gantry/observability';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Gauge } from 'prom-client';
import { Catalogue } from '../catalogue/catalogue.ts';
import { ChangeFeed } from '../changes/change-feed.ts';
import { InFlight } from '../in-flight.ts';
import { mcpSettings } from '../mcp.settings.ts';
import { ChangeEvents } from '../sdk/change-events.ts';
import type { Exchange } from '../sdk/exchange.ts';
import { ServerFactory } from '../sdk/server-factory.ts';
import { answerError, idOf, INTERNAL_ERROR, INVALID_PARAMS } from './json-rpc.ts';
import { listenFilter, MAX_LISTENED, MAX_LISTENED_CHARACTERS } from './listen-filter.ts';
import { ListenSlots } from './listen-slots.ts';

/** A request to listen. */
export interface ListenRequest {
  readonly message: object;
  readonly exchange: Exchange;
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * `subscriptions/listen`: streams that stay open until the client leaves, its token expires, it has been listening for
 * long enough or the service stops. All but the first end with a result, on which the client listens anew.
 */
@Injectable()
export class ListenStreams {
  readonly #slots: ListenSlots;
  readonly #maxAgeMs: number;
  readonly #keepAliveMs: number;
  readonly #log: Log;

  constructor(
    config: Config,
    metrics: Metrics,
    log: Log,
    private readonly servers: ServerFactory,
    private readonly catalogue: Catalogue,
    private readonly feed: ChangeFeed,
    private readonly inFlight: InFlight,
  ) {
    const { listenMaxMinutes, maxListeners, maxListenersPerPrincipal, keepAliveSeconds } =
      config.get(mcpSettings);
    this.#log = log.child({ component: 'listen' });
    this.#maxAgeMs = listenMaxMinutes * 60_000;
    this.#keepAliveMs = keepAliveSeconds * 1_000;
    const slots = new ListenSlots(maxListeners, maxListenersPerPrincipal);
    this.#slots = slots;
    new Gauge({
      name: 'mcp_listeners',
      help: 'Open subscriptions/listen streams.',
      registers: [metrics.registry],
      collect() {
        this.set(slots.size);
      },
    });
  }

  /** Serves one stream until it ends. */
  async serve(req: IncomingMessage, res: ServerResponse, request: ListenRequest): Promise<void> {
    const { message, exchange } = request;
    const { principal } = exchange;
    const filter = listenFilter(message, principal, this.catalogue.resources);
    if (!filter) {
      const error = {
        code: INVALID_PARAMS,
        message: `A stream listens to at most ${MAX_LISTENED} resources, whose URIs have at most ${MAX_LISTENED_CHARACTERS} characters together`,
      };
      return answerError(req, res, 200, error, { id: idOf(message) });
    }
    const release = this.inFlight.isDraining ? undefined : this.#slots.take(principal);
    if (!release) return this.#refuse(req, res, message);
    const events = new ChangeEvents(res, filter.interests);
    // A handler of its own, so that the stream can be ended by itself and hears only what is meant for it.
    const handler = createMcpHandler(({ era }) => this.servers.create(exchange, era), {
      bus: events,
      keepAliveMs: this.#keepAliveMs,
      onerror: (error) => this.#log.debug({ err: error }, 'the protocol layer refused a message'),
    });
    const end = () => void handler.close();
    const ageMs = Math.max(0, Math.min(this.#maxAgeMs, request.expiresAt - Date.now()));
    const timer = setTimeout(end, ageMs);
    const stopListening = this.feed.listen(principal.tenant, events);
    const forget = this.inFlight.onDrain(end);
    try {
      await toNodeHandler(handler)(req, res, filter.message);
    } finally {
      forget();
      stopListening();
      clearTimeout(timer);
      release();
    }
  }

  #refuse(req: IncomingMessage, res: ServerResponse, message: object): void {
    const error = sharedError('rate_limited', 'No more streams can be opened now.', {
      retryAfterSeconds: 5,
      hint: 'Close a stream, or listen to more resources in one.',
    });
    const { message: text } = error;
    answerError(
      req,
      res,
      200,
      { code: INTERNAL_ERROR, message: text, data: error.toEnvelope() },
      { id: idOf(message) },
    );
  }
}

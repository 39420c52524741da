import type { Principal } from '@gantry/pipeline';

/** One client's side of what is being served: an HTTP request, or a stdio connection. */
export interface Exchange {
  readonly transport: 'http' | 'stdio';
  readonly principal: Principal;
  /** Aborted when the client has gone or the service stops waiting for it. */
  readonly signal: AbortSignal;
  /** W3C trace context from the transport, used where the message itself carries none. */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { Stripe } from 'stripe';
import { currentExchange, type StripeExchange } from './stripe-exchange.ts';

/** A connection that is quiet for longer may have been closed at the other end without our knowing. */
const IDLE_MS = 15_000;

/** The connection could not be made, or was lost. */
export class ConnectionFailed extends Error {
  /** Not `code`: by some codes the SDK would repeat the request, though it was told never to. */
  readonly reason: string;

  constructor({ code }: NodeJS.ErrnoException) {
    super('The connection to Stripe failed.');
    this.reason = code ?? 'unknown';
  }
}

/**
 * The HTTP client under the SDK. The SDK's own repeats a request once when its connection is closed, even with
 * `maxNetworkRetries: 0`, listens to no signal, and does not tell whether anything was sent. This one makes one
 * request, ends it with the signal of its {@link StripeExchange}, and notes there when it was sent.
 */
export class StripeHttpClient extends Stripe.HttpClient {
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

  override getClientName(): string {
    return 'node';
  }

  override async makeRequest(
    host: string,
    port: string,
    path: string,
    method: string,
    headers: object,
    body: string,
    protocol: string,
  ): Promise<StripeHttpResponse> {
    const exchange = currentExchange.getStore();
    if (exchange === undefined) throw new Error('Stripe is asked within an exchange only.');
    exchange.signal.throwIfAborted();
    const plain = protocol === 'http';
    const options = { host, port, path, method, headers: { ...headers }, signal: exchange.signal };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = plain
      ? requestHttp({ ...options, agent: this.#http })
      : requestHttps({ ...options, agent: this.#https });
    request.once('socket', (socket) => noteSending(exchange, socket, plain));
    request.once('response', resolve);
    request.on('error', (error) => reject(new ConnectionFailed(error)));
    request.end(body);
    return new StripeHttpResponse(await promise);
  }
}

/** Nothing of a request leaves before the connection stands, with TLS if there is TLS. */
function noteSending(exchange: StripeExchange, socket: Socket, plain: boolean): void {
  const sent = (): void => {
    exchange.sent = true;
  };
  if (socket.connecting) socket.once(plain ? 'connect' : 'secureConnect', sent);
  else sent();
}

class StripeHttpResponse extends Stripe.HttpClientResponse {
  readonly #message: IncomingMessage;

  constructor(message: IncomingMessage) {
    super(message.statusCode!, message.headers as Record<string, string>);
    this.#message = message;
  }

  override getRawResponse(): IncomingMessage {
    return this.#message;
  }

  override async toJSON(): Promise<unknown> {
    let text = '';
    try {
      for await (const chunk of this.#message.setEncoding('utf8')) text += chunk;
    } catch (error) {
      throw new ConnectionFailed(error as NodeJS.ErrnoException);
    }
    return JSON.parse(text) as unknown;
  }
}

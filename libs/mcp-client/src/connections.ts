import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { ReadableStream } from 'node:stream/web';
import { AnswerTooLarge, ConnectionFailed, type Exchange } from './exchange.ts';

/** A connection that is quiet for longer may have been closed at the other end without our knowing. */
const IDLE_MS = 15_000;

/** What is sent. */
export interface Post {
  readonly headers: Headers;
  readonly body: string;
  /** Ends the request, and the reading of its answer. If it is aborted already nothing is sent. */
  readonly signal: AbortSignal;
}

/**
 * HTTP connections, kept and used again. Not `fetch`: that does not tell whether a request was sent before it failed, it
 * follows redirects, and its connections cannot be closed.
 */
export class Connections {
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

  /**
   * Makes one request, and notes in its exchange when it was sent. The body of the response ends with an error when it
   * is too large or the connection is lost.
   *
   * @throws ConnectionFailed
   */
  async post(url: URL, { headers, body, signal }: Post, exchange: Exchange): Promise<Response> {
    const plain = url.protocol === 'http:';
    const options = { method: 'POST', headers: Object.fromEntries(headers), signal };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = plain
      ? requestHttp(url, { ...options, agent: this.#http })
      : requestHttps(url, { ...options, agent: this.#https });
    request.once('socket', (socket) => {
      neverUnheard(socket);
      noteSending(exchange, socket, plain);
    });
    request.once('response', resolve);
    request.on('error', (error) => reject(new ConnectionFailed(error)));
    request.end(body);
    const message = await promise;
    return new Response(ReadableStream.from(bounded(message, exchange)), {
      status: message.statusCode!,
      headers: message.headers as Record<string, string>,
    });
  }

  /** Ends every connection, and with it what is still under way. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** Nothing of a request leaves before the connection stands, with TLS if there is TLS. */
function noteSending(exchange: Exchange, socket: Socket, plain: boolean): void {
  const sent = (): void => {
    exchange.mayHaveRun = true;
  };
  if (socket.connecting) socket.once(plain ? 'connect' : 'secureConnect', sent);
  else sent();
}

const ignore = (): void => {};

/**
 * When a request is aborted while its response has arrived, but was not read to the end, Node takes its listener off the
 * socket before the socket tells of the error, which would then end the process.
 */
function neverUnheard(socket: Socket): void {
  if (!socket.listeners('error').includes(ignore)) socket.on('error', ignore);
}

async function* bounded(message: IncomingMessage, exchange: Exchange): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > exchange.maxAnswerBytes) throw new AnswerTooLarge(exchange.maxAnswerBytes);
      yield chunk;
    }
  } catch (error) {
    exchange.failure = error instanceof AnswerTooLarge ? error : new ConnectionFailed(error);
    throw exchange.failure;
  }
}

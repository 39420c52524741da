import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Redis as IoRedis } from 'ioredis';
import { endpointOf } from './endpoint.ts';

/** How a client behaves. */
export interface RedisClientOptions {
  readonly commandTimeoutMs: number;
  /** Stands before every key. */
  readonly keyPrefix: string;
  /** Hears of every command that failed. */
  readonly onFailure: (reason: CommandFailure) => void;
  /** Hears when the client becomes available, and when it stops to be, or does not become it: of each cause once. */
  readonly onChange: (available: boolean, cause: Error | undefined) => void;
}

/** No answer in time; no connection to ask on; or Redis answered with an error. */
export type CommandFailure = 'timeout' | 'connection' | 'reply';

const CONNECT_TIMEOUT_MS = 2_000;

/** A connection on which nothing comes back for this long is replaced; longer if a command may take longer. */
const SILENCE_MS = 1_000;

/** Commands that wait for their answers. Beyond it Redis cannot keep up, and more would only cost memory. */
const MAX_PENDING = 5_000;

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

/** Between two questions to a Redis that has fallen silent. */
const PROBE_PAUSE_MS = 25;

type Stream = Parameters<IoRedis['sendCommand']>[1];

class NoAnswer extends Error {
  override readonly message = 'Redis did not answer in time.';
}

/**
 * An ioredis client for what a call can do without: a command is answered soon or fails soon. Nothing is queued while
 * there is no connection, and nothing is sent twice.
 *
 * After one command without an answer in time, all fail at once until Redis answers again, so that a Redis that hangs
 * costs the calls of that moment their patience and no others.
 */
export class RedisClient extends IoRedis {
  readonly #options: RedisClientOptions;
  #isSilent = false;
  #pending = 0;
  #wasAvailable = false;
  #error: Error | undefined;
  /** Causes of the present outage that were told. */
  readonly #told = new Set<string>();

  constructor(url: string, options: RedisClientOptions) {
    super({
      ...endpointOf(url),
      keyPrefix: options.keyPrefix,
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: Math.max(SILENCE_MS, 2 * options.commandTimeoutMs),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0, // commands under way fail when the connection does
      retryStrategy: retryDelay,
      // The primary has become a replica: its name may lead to the new primary by now.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    this.#options = options;
    this.on('error', (error: Error) => {
      this.#error = error;
      this.#noteChange();
    });
    this.on('ready', () => {
      this.#isSilent = false;
      this.#noteChange();
    });
    this.on('close', () => this.#noteChange());
  }

  /** Is Redis connected and answering? */
  get available(): boolean {
    return this.status === 'ready' && !this.#isSilent;
  }

  /** What is wrong, as far as is known, while it is not available. */
  get lastError(): Error | undefined {
    return this.#error;
  }

  /** Takes over a rotated URL: the connection is replaced, so that a mistake in it shows now and not at night. */
  moveTo(url: string): void {
    Object.assign(this.options, endpointOf(url));
    this.disconnect(true);
  }

  override sendCommand(command: Command, stream?: Stream): unknown {
    // The commands with which a connection begins belong to ioredis; silence alone ends them.
    if (this.status === 'connect') return super.sendCommand(command, stream);
    if (this.#isSilent) command.reject(new Error('Redis does not answer.'));
    else if (this.#pending >= MAX_PENDING) command.reject(new Error('Too many commands wait for Redis.'));
    else return this.#send(command, stream);
    this.#options.onFailure('connection');
    return command.promise;
  }

  #send(command: Command, stream?: Stream): unknown {
    const timer = setTimeout(() => {
      // If it was this process that had no time, the answer has come, and is read before immediates are run.
      setImmediate(() => command.reject(new NoAnswer()));
    }, this.#options.commandTimeoutMs);
    this.#pending++;
    const settled = () => {
      clearTimeout(timer);
      this.#pending--;
    };
    command.promise.then(settled, (error: unknown) => {
      settled();
      this.#noteFailure(error);
    });
    return super.sendCommand(command, stream);
  }

  #noteFailure(error: unknown): void {
    this.#options.onFailure(failureOf(error));
    if (!(error instanceof NoAnswer) || !this.available) return;
    this.#error = error;
    this.#isSilent = true;
    this.#noteChange();
    void this.#probe();
  }

  /** Asks until there is an answer on this connection, or another connection. */
  async #probe(): Promise<void> {
    while (this.#isSilent && this.status === 'ready') {
      const ping = new Command('ping');
      this.#send(ping);
      const isAnswered = await ping.promise.then(
        () => true,
        (error: unknown) => failureOf(error) === 'reply',
      );
      if (isAnswered) this.#isSilent = false;
      else await sleep(PROBE_PAUSE_MS, undefined, { ref: false });
    }
    this.#noteChange();
  }

  #noteChange(): void {
    if (this.available) {
      if (this.#wasAvailable) return;
      this.#error = undefined;
      this.#told.clear();
    } else {
      const cause = this.#error?.message ?? '';
      if (this.#told.has(cause)) return;
      this.#told.add(cause);
    }
    this.#wasAvailable = this.available;
    this.#options.onChange(this.available, this.#error);
  }
}

function failureOf(error: unknown): CommandFailure {
  if (error instanceof NoAnswer) return 'timeout';
  return (error as Error).name === 'ReplyError' ? 'reply' : 'connection';
}

/** Grows, is capped, and is drawn at random from its upper half: replicas that lost Redis together come back apart. */
export function retryDelay(attempt: number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_RETRY_MS);
  return Math.round(longest * (0.5 + Math.random() / 2));
}

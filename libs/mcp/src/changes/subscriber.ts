import type { Redis } from '@gantry/redis';

/** The client that `Redis` has if there is one. */
export type RedisClient = NonNullable<Redis['client']>;

/** What a subscriber tells. */
export interface SubscriberEvents {
  onMessage(message: string): void;
  /** It is connected again; what was published meanwhile is lost. */
  onGap(): void;
  onChange(connected: boolean, cause: Error | undefined): void;
}

/** A subscriber hears nothing for hours and that is well; a dead connection is only found by asking. */
const PING_MS = 5_000;
const PATIENCE_MS = 2_000;

/** After Redis refused the subscription: somebody has to change its access rules first. */
const REFUSED_RETRY_MS = 10_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/** A connection of its own to one channel of Redis, for as long as it takes. */
export class Subscriber {
  readonly #connection: RedisClient;
  readonly #pings: NodeJS.Timeout;
  #refusedTimer: NodeJS.Timeout | undefined;
  #isConnected = false;
  #hasGap = false;
  #isTold = false;
  #error: Error | undefined;
  #isStopped = false;

  /** @param client - says where Redis is and who we are there, also after its password was rotated */
  constructor(
    client: RedisClient,
    private readonly channel: string,
    private readonly events: SubscriberEvents,
  ) {
    const options: Partial<RedisClient['options']> = {
      keyPrefix: '',
      lazyConnect: true,
      autoResubscribe: false,
      socketTimeout: PATIENCE_MS,
      retryStrategy: (attempt) => {
        // The client's options follow the rotation of its URL; a duplicate's are a copy from its beginning.
        const { host, port, username, password, db, tls } = client.options;
        Object.assign(this.#connection.options, { host, port, username, password, db, tls });
        return retryDelay(attempt);
      },
    };
    this.#connection = client.duplicate(options);
    this.#connection.on('error', (error: Error) => (this.#error = error));
    this.#connection.on('ready', () => void this.#subscribe());
    this.#connection.on('close', () => this.#note(false));
    this.#connection.on('message', (_channel: string, message: string) => events.onMessage(message));
    this.#pings = setInterval(() => {
      if (this.#isConnected) this.#connection.ping().catch(() => {});
    }, PING_MS).unref();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Resolves when the first attempt is over. It goes on trying by itself. */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve) => {
      this.#connection.once('close', resolve);
      this.#firstSubscription = resolve;
    });
    this.#connection.connect().catch(() => {}); // tried again, and told through onChange
    await first;
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#pings);
    clearTimeout(this.#refusedTimer);
    this.#connection.disconnect();
  }

  #firstSubscription = () => {};

  async #subscribe(): Promise<void> {
    try {
      await this.#connection.subscribe(this.channel);
      this.#note(true);
    } catch (error) {
      this.#error = error as Error;
      this.#note(false);
      this.#refusedTimer = setTimeout(() => this.#connection.disconnect(true), REFUSED_RETRY_MS).unref();
    }
    this.#firstSubscription();
  }

  #note(connected: boolean): void {
    if (this.#isStopped || (connected === this.#isConnected && this.#isTold)) return;
    this.#isConnected = connected;
    this.#isTold = true;
    this.events.onChange(connected, connected ? undefined : this.#error);
    if (connected && this.#hasGap) this.events.onGap();
    this.#hasGap = !connected;
  }
}

/** Drawn at random from the upper half of what it may be: replicas that lost Redis together come back apart. */
function retryDelay(attempt: number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_RETRY_MS);
  return Math.round(longest * (0.5 + Math.random() / 2));
}
